internal import Attribution
internal import GRDB

/// Notices, in the transaction of what brings it about, that more than one partner has a claim to a subscription, or to
/// subscriptions of one tenant and product; and that it is over.
///
/// A claim is being partner of record, or a sign-up that the provider named with a usable receipt. Whoever sets or removes a
/// partner of record by hand settles what sign-ups claimed of that subscription until then. A decision on a conflict settles
/// all of it, and the partners that it leaves in force beside each other are no conflict again until another one comes, or a
/// sign-up claims a subscription of theirs.
enum ConflictDetection {
    /// Keeps that a sign-up was named for a subscription that can have a partner of record.
    ///
    /// - Parameter partner: whom the sign-up was attributed to.
    static func take(
        _ signup: Receipt, of partner: PartnerID, event: String, for subscription: Subscription, at time: Timestamp,
        _ db: Database
    ) throws {
        try SignupClaimRow.insert(signup, of: partner, event: event, for: subscription, db)
        try review(subscription, mayEnd: false, at: time, db)
    }

    /// What follows from a change of a partner of record.
    ///
    /// - Parameter subscription: as it is now.
    static func follow(_ change: AssociationChange, of subscription: Subscription, _ db: Database) throws {
        let isByHand = change.origin != .receipt
        if isByHand { try SignupClaimRow.settle(of: subscription.id, db) }
        try review(subscription, mayEnd: isByHand, at: change.time, db)
    }

    /// A subscription that turns out to be a syndicator's has no part in conflicts any more.
    static func leave(_ subscription: Subscription, at time: Timestamp, _ db: Database) throws {
        try SignupClaimRow.settle(of: subscription.id, db)
        try review(subscription, mayEnd: true, at: time, db)
    }

    /// - Parameter mayEnd: whether a claim may have gone. Events only bring new ones, and in a long file all is not looked through
    ///   for each.
    private static func review(_ subscription: Subscription, mayEnd: Bool, at time: Timestamp, _ db: Database) throws {
        let group = ConflictGroup(subscription)
        let open = try ConflictRow.open(group, db)
        if try group.isAgreed(db) {
            if let open { try ConflictRow.end(open, at: time, db) }
            return
        }
        guard let open else {
            let isContested =
                try subscription.channel.carriesPartner
                && (ConflictGroup.isContested(subscription, db) || group.hasUndecidedPartner(db))
            if isContested { try ConflictRow.insert(group, at: time, db) }
            return
        }
        if mayEnd {
            let isContested = try group.hasContestedSubscription(db) || group.hasUndecidedPartner(db)
            if !isContested { return try ConflictRow.end(open, at: time, db) }
        }
        try ConflictRow.count(open, db)
    }
}
