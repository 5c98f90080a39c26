internal import Attribution

/// What became of an event: the same for the first call and for every repetition, but for ``isRepeated``. Encoded as the API's JSON.
package struct EventReport: Codable, Equatable, Sendable {
    package let event: String
    package let subscription: String
    /// What the receipt was worth; absent for usage.
    package let receipt: ReceiptFinding?
    /// Whether the partner of record was set by this event's receipt.
    package let isAssociated: Bool
    /// Who is partner of record now; absent for nobody.
    package let partner: String?
    /// The event was told before, and nothing has changed.
    package let isRepeated: Bool
    /// The subscription's, now.
    package let version: Int

    enum CodingKeys: String, CodingKey {
        case event, subscription, receipt, partner, version
        case isAssociated = "associated"
        case isRepeated = "repeated"
    }
}
