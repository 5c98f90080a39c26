/// What a record tells: the field `kind`.
package enum RecordKind: String, CaseIterable, Sendable {
    case signup
    /// An attribution after the fact, or that one is taken back: ``AdjustmentDraft``.
    case adjustment
    /// Who is partner of record of a subscription from now on: ``AssociationDraft``.
    case association
}

extension Record {
    /// nil: none of these, which no program wrote.
    package var kind: RecordKind? { text(.kind).flatMap(RecordKind.init(rawValue:)) }
}
