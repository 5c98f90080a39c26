package import Attribution
package import Ledger

/// What the ledger knows of the receipt that the provider sent.
package enum ClaimedSignup: Equatable, Sendable {
    /// No receipt was sent.
    case absent
    /// It is no receipt, or none of a sign-up here.
    case unknown
    /// The sign-up is here, and nobody was attributed.
    case unattributed(Receipt)
    case attributed(Receipt, PartnerID)
}

extension LedgerReader {
    /// Looks a claimed receipt up. Who was attributed after the fact counts like who was when the sign-up came.
    package func claimedSignup(_ text: String?) throws -> ClaimedSignup {
        guard let text else { return .absent }
        guard let receipt = Receipt(text), let record = try record(receipt: receipt)?.record, record.kind == .signup else {
            return .unknown
        }
        let partner =
            record.text(.outcome) == Outcome.attributed.rawValue
            ? record.text(.partner) : try adjustments(of: receipt).last?.record?.text(.partner)
        guard let partner = partner.flatMap({ PartnerID($0) }) else { return .unattributed(receipt) }
        return .attributed(receipt, partner)
    }
}
