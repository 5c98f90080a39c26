package import Attribution

/// Subscriptions of one tenant and product that more than one partner has a claim to: as partner of record, or by a sign-up
/// that the provider named. An admin decides; nothing is decided by itself.
package struct Conflict: Equatable, Sendable {
    package let id: Int64
    package let tenant: String
    package let product: Product
    package let openedAt: Timestamp
    package let state: ConflictState
    /// Counts what has happened since it was opened: who decides says which state they saw.
    package let version: Int
    /// nil while it is open.
    package let settlement: ConflictSettlement?
}

package enum ConflictState: String, CaseIterable, Codable, Sendable {
    /// It waits for an admin.
    case open
    case decided
    /// Nobody had to decide: partners were changed or removed, and one was left.
    case ended
}

/// How a conflict ended.
package struct ConflictSettlement: Equatable, Sendable {
    package let time: Timestamp
    /// The name of who decided; nil when nobody had to.
    package let decider: String?
    /// Whose all of it is; nil: each subscription keeps who it has.
    package let choice: PartnerID?
    package let note: String?
}
