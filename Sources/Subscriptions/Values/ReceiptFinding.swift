package import Attribution

/// What the receipt that the provider sent with a subscription is worth. It is kept with the event; none of these is an error, for the
/// subscription exists whatever its receipt.
package enum ReceiptFinding: String, CaseIterable, Codable, Sendable {
    /// The sign-up was attributed: its partner becomes partner of record, where there never was one.
    case usable
    /// It is no receipt, or none of a sign-up in this ledger.
    case unknown
    /// Nobody was attributed.
    case unattributed
    /// The sign-up came too long before.
    case tooOld = "too-old"
    /// Another subscription came of the sign-up already, one that can have a partner of record.
    case used
    /// The subscription can have no partner of record, being a syndicator's. Nothing is associated by the receipt, and it stays good
    /// for the subscription that it belongs to: the same one, when the provider corrects its channel, or another.
    case syndicated
    /// There was none.
    case none

    /// Judges a receipt.
    ///
    /// - Parameters:
    ///   - time: when the subscription was made, as the provider says.
    ///   - isUsed: whether another subscription was told with it, and it was usable there.
    ///   - carriesPartner: whether the subscription can have a partner of record.
    package init(
        _ claimed: ClaimedSignup, at time: Timestamp, _ rules: SubscriptionRules, isUsed: Bool, carriesPartner: Bool
    ) {
        switch claimed {
        case .absent: self = .none
        case .unknown: self = .unknown
        case .unattributed: self = .unattributed
        case .attributed(let receipt, _):
            let age = time.microseconds - receipt.time.microseconds
            if age > Int64(rules.maximumReceiptDays) * Timestamp.microsecondsPerDay {
                self = .tooOld
            } else {
                self = isUsed ? .used : carriesPartner ? .usable : .syndicated
            }
        }
    }
}

/// What an operator can set.
package struct SubscriptionRules: Equatable, Sendable {
    /// So many days after the sign-up the subscription can still come of it.
    package var maximumReceiptDays: Int

    package static let usualReceiptDays = 90

    package init(maximumReceiptDays: Int = usualReceiptDays) {
        self.maximumReceiptDays = maximumReceiptDays
    }
}
