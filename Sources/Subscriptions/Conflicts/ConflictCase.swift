package import Attribution

/// A conflict with all that is known for each of its partners.
package struct ConflictCase: Equatable, Sendable {
    package let conflict: Conflict
    /// By Partner ID. While it is open, who has a claim; then also whose sign-ups were settled. At most ``maximumSides``.
    package let sides: [ConflictSide]
    /// How many subscriptions a decision is about.
    package let subscriptions: Int
    /// The earliest sign-up that the provider named with a usable receipt, and the latest: facts that decide nothing. nil when
    /// there was none.
    package let firstTouch: SignupClaim?
    package let lastTouch: SignupClaim?
    /// The receipts of the decision's records, at most ``maximumListed``.
    package let records: [Receipt]

    package static let maximumSides = 20
    /// Of each side's subscriptions and of its sign-ups, so many are listed.
    package static let maximumListed = 50
}

/// What one partner has in a conflict.
package struct ConflictSide: Equatable, Sendable {
    package let partner: PartnerID
    /// The subscriptions that it is partner of record of, by ID.
    package let held: [HeldSubscription]
    /// How many they are, also when not all are listed.
    package let heldCount: Int
    /// The sign-ups that the provider named, in their order.
    package let claims: [SignupClaim]
    /// Whether there are more of either.
    package let isCut: Bool
}

/// A subscription that has a partner of record, and the change that gave it.
package struct HeldSubscription: Equatable, Sendable {
    package let subscription: String
    package let change: AssociationChange
}
