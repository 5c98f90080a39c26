import Attribution
import Subscriptions

/// A conflict as the API tells.
struct ConflictDocument: Encodable, Sendable {
    let id: Int64
    let tenant: String
    let product: Product
    /// RFC 3339.
    let openedAt: String
    let state: ConflictState
    /// Also in the `ETag`.
    let version: Int
    /// nil while it is open.
    let settledAt: String?
    /// nil when nobody had to decide.
    let decider: String?
    /// A Partner ID, or ``ConflictOrder/Choice/keepWord``.
    let choice: String?
    let note: String?

    enum CodingKeys: String, CodingKey {
        case id, tenant, product, state, version, decider, choice, note
        case openedAt = "opened_at"
        case settledAt = "settled_at"
    }

    init(_ conflict: Conflict) {
        id = conflict.id
        tenant = conflict.tenant
        product = conflict.product
        openedAt = conflict.openedAt.description
        state = conflict.state
        version = conflict.version
        settledAt = conflict.settlement?.time.description
        decider = conflict.settlement?.decider
        choice = conflict.state == .decided ? conflict.settlement?.choice?.description ?? ConflictOrder.Choice.keepWord : nil
        note = conflict.settlement?.note
    }
}

/// A sign-up that the provider named for a subscription, as the API tells.
struct SignupClaimDocument: Encodable, Sendable {
    let subscription: String
    /// The sign-up's receipt.
    let signup: String
    let partner: String
    let event: String
    /// Whether nobody has decided by hand since.
    let isOpen: Bool

    enum CodingKeys: String, CodingKey {
        case subscription, signup, partner, event
        case isOpen = "open"
    }

    init(_ claim: SignupClaim) {
        subscription = claim.subscription
        signup = claim.signup.description
        partner = claim.partner.description
        event = claim.event
        isOpen = claim.isOpen
    }
}

/// What one partner has in a conflict, as the API tells.
struct ConflictSideDocument: Encodable, Sendable {
    struct Held: Encodable, Sendable {
        let subscription: String
        let change: AssociationDocument
    }

    let partner: String
    let held: [Held]
    let claims: [SignupClaimDocument]
    /// Whether there are more of either.
    let isCut: Bool

    enum CodingKeys: String, CodingKey {
        case partner, held, claims
        case isCut = "cut"
    }

    init(_ side: ConflictSide) {
        partner = side.partner.description
        held = side.held.map { Held(subscription: $0.subscription, change: AssociationDocument($0.change)) }
        claims = side.claims.map { SignupClaimDocument($0) }
        isCut = side.isCut
    }
}

/// What `GET conflicts/{id}` answers.
struct ConflictCaseDocument: Encodable, Sendable {
    let conflict: ConflictDocument
    let sides: [ConflictSideDocument]
    let subscriptions: Int
    let firstTouch: SignupClaimDocument?
    let lastTouch: SignupClaimDocument?
    /// The receipts of the decision's records.
    let records: [String]

    enum CodingKeys: String, CodingKey {
        case conflict, sides, subscriptions, records
        case firstTouch = "first_touch"
        case lastTouch = "last_touch"
    }

    init(_ found: ConflictCase) {
        conflict = ConflictDocument(found.conflict)
        sides = found.sides.map { ConflictSideDocument($0) }
        subscriptions = found.subscriptions
        firstTouch = found.firstTouch.map { SignupClaimDocument($0) }
        lastTouch = found.lastTouch.map { SignupClaimDocument($0) }
        records = found.records.map(\.description)
    }
}

/// What `GET conflicts` answers.
struct ConflictPage: Encodable, Sendable {
    let conflicts: [ConflictDocument]
    /// What to go on before; nil at the end.
    let next: String?
}

/// What `POST conflicts/{id}/decision` takes.
struct ConflictDecisionOrder: Decodable, Sendable {
    /// A Partner ID, or ``ConflictOrder/Choice/keepWord``.
    let choice: String
    let note: String
}
