internal import GRDB

/// What follows from every change of a partner of record, in the transaction of the change: it is on disk with it, or neither is.
enum AssociationFollowUp {
    /// Called once for each change, after the subscription and its history are written, whoever made the change and however: the one
    /// place where notices to the partners that were added and removed are put into their outbox.
    ///
    /// - Parameters:
    ///   - change: what was changed. ``AssociationChange/association`` has who was added, ``AssociationChange/replaces`` who was
    ///     removed; the same partner in both when only program or evidence have changed.
    ///   - subscription: as it is now.
    /// - Throws: what undoes the change.
    static func run(_ change: AssociationChange, of subscription: Subscription, _ db: Database) throws {}
}
