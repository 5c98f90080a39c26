package import Attribution

/// What a partner is told by mail: that it was added to a subscription as its partner of record, or removed from it. The partner is
/// told of both whoever made the change (support articles 3185444 and 3185425, "Partner receives an email when a customer adds or
/// removes them").
package struct Notice: Equatable, Sendable {
    package enum Kind: String, CaseIterable, Codable, Sendable {
        case added
        case removed
    }

    /// The ID of the change that the notice tells of, the receipt of its record in the ledger, at most ``maximumChangeBytes`` long. The
    /// change tells a partner of one kind once, however often it is written.
    package let change: String
    package let kind: Kind
    package let partner: PartnerID
    /// Where the directory had the partner's mail go when the change was made; nil when it had nothing.
    package let address: String?
    /// The language tag that the directory has for mails to the partner.
    package let language: String?
    /// The subscription's ID, as the provider has it.
    package let subscription: String
    /// The product's name, which no language translates: `Office 365`.
    package let product: String
    /// When the change was made.
    package let time: Timestamp

    /// Of a change's ID: its Message-ID may be three times as long, and still has to fit a line (RFC 5322 section 2.1.1).
    package static let maximumChangeBytes = 128

    package init(
        change: String, kind: Kind, partner: PartnerID, address: String?, language: String?, subscription: String,
        product: String, time: Timestamp
    ) {
        precondition((1...Self.maximumChangeBytes).contains(change.utf8.count), "a change has an ID that fits a line")
        self.change = change
        self.kind = kind
        self.partner = partner
        self.address = address
        self.language = language
        self.subscription = subscription
        self.product = product
        self.time = time
    }
}
