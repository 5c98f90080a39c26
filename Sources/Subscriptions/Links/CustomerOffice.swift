package import Attribution
package import Office

/// What customers' pages need of a running server. What blocks is waited for, and everything that is read or refused is in the
/// access log before anybody sees it.
package protocol CustomerOffice: Sendable {
    /// Takes one request of those that a link to a subscription may make.
    ///
    /// - Returns: how many seconds to wait instead; nil when it may be made.
    func wait(for subscription: String) -> Int?

    /// As ``Office/subscription(_:)``.
    func subscription(_ id: String) async throws -> Subscription?

    /// As the directory has it; nil when it has not.
    func partner(_ id: PartnerID) async throws -> Partner?

    /// Sets a subscription's partner of record for its customer.
    ///
    /// - Throws: ``SubscriptionRefusal`` and what else ``Office/setPartnerOfRecord(_:of:onlyIf:origin:signature:receipt:by:at:)``
    ///   throws.
    func set(_ order: AssociationOrder, of id: String, onlyIf versions: Set<Int>, by caller: Caller) async throws

    /// Removes it.
    ///
    /// - Throws: ``SubscriptionRefusal`` and what else
    ///   ``Office/removePartnerOfRecord(of:note:onlyIf:origin:signature:receipt:by:at:)`` throws.
    func remove(of id: String, onlyIf versions: Set<Int>, by caller: Caller) async throws

    /// Writes to the access log what somebody reads, or was refused, who has a link.
    func note(_ action: AccessEntry.Action, _ what: String, by caller: Caller) async throws

    /// Writes to the access log that somebody was refused who has none that holds, unless there were too many of them of late.
    ///
    /// - Parameter subscription: to which the link was made that holds no more, and which bears the number of those; nil for a
    ///   link that nobody made.
    func noteStranger(_ what: String, withLinkTo subscription: String?, at address: String) async throws
}
