/// Over which way a subscription was bought.
package enum Channel: String, CaseIterable, Codable, Sendable {
    case direct
    /// Under the customer's Enterprise Agreement.
    case ea
    /// From a syndicator, which sells under its own name.
    case syndicated

    /// Whether a subscription can have a partner of record: a syndicator's can't, and there is nothing to edit.
    package var carriesPartner: Bool { self != .syndicated }
}
