package import Attribution

/// Why a conflict is not decided: what, where, what to do. Nothing has changed then. That a partner can't be partner of record
/// is told by ``SubscriptionRefusal``.
package enum ConflictRefusal: Error, Equatable, CustomStringConvertible {
    case unknown(Int64)
    /// It does not wait for anybody any more.
    case settled(Conflict)
    /// It is not what who decides saw; this is what it is now.
    case changed(Conflict)
    /// The partner has no claim in it.
    case notClaimed(PartnerID)
    /// There is no note, or it is too long.
    case note

    /// A word for programs; stable.
    package var code: String {
        switch self {
        case .unknown: "unknown-conflict"
        case .settled: "conflict-settled"
        case .changed: "changed-meanwhile"
        case .notClaimed: "not-claimed"
        case .note: "no-note"
        }
    }

    package var description: String {
        switch self {
        case .unknown(let id):
            "there is no conflict \(id); list those that there are"
        case .settled(let conflict):
            "conflict \(conflict.id) is \(conflict.state.rawValue) already; change a subscription's partner of record by itself"
        case .changed(let conflict):
            "conflict \(conflict.id) has changed since it was read, its version is \(conflict.version); look at it again"
        case .notClaimed(let partner):
            "partner \(partner) has no claim in this conflict; choose one that has, or change the subscription by itself"
        case .note:
            "a note is needed that says why, on one line of at most \(SubscriptionText.maximumNoteScalars) characters"
        }
    }
}
