package import Attribution

/// One entry of the history of a subscription's partner of record: who, when, by whom, for what, on what evidence.
package struct AssociationChange: Equatable, Sendable {
    package let subscription: String
    /// From 1, without gaps.
    package let number: Int
    package let time: Timestamp
    package let origin: AssociationOrigin
    /// The name of who did it: a user, a token, the command's user.
    package let actor: String
    /// nil: it has no partner of record from then on. When it had none before, a decision on a conflict has left it so.
    package let association: PartnerOfRecord?
    /// Who was it before; nil for nobody.
    package let replaces: PartnerID?
    /// The receipt of the sign-up that it follows from.
    package let signup: String?
    package let note: String?
    /// The conflict that it is a decision on; nil when it is none.
    package let conflict: Int64?
    package let directoryVersion: Int
    /// Of the ledger's record.
    package let receipt: Receipt
    /// Whether the ledger has the record: it gets it right after the change.
    package let isRecorded: Bool
}

extension AssociationChange {
    /// The record for the ledger.
    func draft(of subscription: Subscription) -> AssociationDraft {
        var fields = Record()
        fields[.subscription] = .text(self.subscription)
        fields[.change] = .number(Int64(number))
        fields[.by] = .text(origin.rawValue)
        fields[.partner] = association.map { .text($0.partner.description) }
        fields[.replaces] = replaces.map { .text($0.description) }
        fields[.program] = (association?.program).map { .text($0.rawValue) }
        fields[.evidence] = association.map { .text($0.evidence.rawValue) }
        fields[.signup] = signup.map { .text($0) }
        fields[.product] = .text(subscription.product.rawValue)
        fields[.channel] = .text(subscription.channel.rawValue)
        fields[.tenant] = .text(subscription.tenant)
        fields[.actor] = .text(actor)
        fields[.note] = note.map { .text($0) }
        fields[.conflict] = conflict.map { .number($0) }
        return AssociationDraft(receipt: receipt, time: time, directoryVersion: directoryVersion, fields: fields)
    }
}
