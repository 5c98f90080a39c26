package import Attribution

/// Who is to be partner of record, as somebody asks for it.
package struct AssociationOrder: Equatable, Sendable {
    package let partner: PartnerID
    /// nil: the first that the partner is enrolled in.
    package let program: Program?
    package let evidence: Evidence
    /// Why; see ``SubscriptionText/note(_:)``.
    package let note: String?

    package init(partner: PartnerID, program: Program? = nil, evidence: Evidence = .digital, note: String? = nil) {
        self.partner = partner
        self.program = program
        self.evidence = evidence
        self.note = note
    }
}
