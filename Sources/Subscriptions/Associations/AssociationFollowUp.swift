internal import Attribution
internal import GRDB
internal import Office

/// What follows from every change of a partner of record, in the transaction of the change: it is on disk with it, or neither is.
enum AssociationFollowUp {
    /// Notices whether partners claim the same subscriptions then, or no longer do, and puts the notices to the partners that were
    /// added and removed into their outbox. Called once for each change, after the subscription and its history are written, whoever
    /// made the change and however: the one place where notices come from.
    ///
    /// - Parameters:
    ///   - change: what was changed. ``AssociationChange/association`` has who was added, ``AssociationChange/replaces`` who was
    ///     removed; the same partner in both when only program or evidence have changed, which is no news to anybody.
    ///   - subscription: as it is now.
    /// - Throws: what undoes the change.
    static func run(_ change: AssociationChange, of subscription: Subscription, _ db: Database) throws {
        try ConflictDetection.follow(change, of: subscription, db)
        let added = change.association?.partner
        if added == change.replaces { return }
        if let removed = change.replaces { try tell(removed, .removed, change, subscription, db) }
        if let added { try tell(added, .added, change, subscription, db) }
    }

    /// The partner is not told who the customer is: the tenant is a personal field, and the mail needs none.
    private static func tell(
        _ id: PartnerID, _ kind: Notice.Kind, _ change: AssociationChange, _ subscription: Subscription, _ db: Database
    ) throws {
        // nil: a route attributed the sign-up without asking the directory, so that nobody knows where the partner's mail goes. That it
        // was not told stands in the outbox all the same.
        let partner = try Office.partner(id, db)
        let notice = Notice(
            change: change.receipt.description, kind: kind, partner: id, address: partner?.email, language: partner?.language,
            subscription: subscription.id, product: subscription.product.name, time: change.time)
        try Outbox.add(notice, in: db)
    }
}
