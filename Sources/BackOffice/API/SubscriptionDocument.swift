package import Attribution
package import Subscriptions

/// A subscription as the API tells.
package struct SubscriptionDocument: Codable, Equatable, Sendable {
    package let id: String
    package let tenant: String
    package let product: Product
    /// Where the customer looks for it.
    package let portal: Product.Portal
    package let offer: String
    package let seats: Int
    package let channel: Channel
    /// RFC 3339.
    package let createdAt: String
    package let toldAt: String
    /// Also in the `ETag`.
    package let version: Int
    /// How many changes of the partner there were.
    package let changes: Int
    /// nil: it has no partner of record.
    package let partner: String?
    package let program: Program?
    package let evidence: Evidence?
    /// Whether the provider reports the workload active; nil: it never said.
    package let isActive: Bool?
    /// Whether the association counts in its program now.
    package let counts: Bool
    /// Whether it can have a partner of record at all.
    package let isEditable: Bool

    enum CodingKeys: String, CodingKey {
        case id, tenant, product, portal, offer, seats, channel, version, changes, partner, program, evidence, counts
        case createdAt = "created_at"
        case toldAt = "told_at"
        case isActive = "active"
        case isEditable = "editable"
    }

    /// - Parameter time: now.
    package init(_ subscription: Subscription, at time: Timestamp) {
        id = subscription.id
        tenant = subscription.tenant
        product = subscription.product
        portal = subscription.product.portal
        offer = subscription.offer
        seats = subscription.seats
        channel = subscription.channel
        createdAt = subscription.createdAt.description
        toldAt = subscription.toldAt.description
        version = subscription.version
        changes = subscription.changes
        partner = subscription.association?.partner.description
        program = subscription.association?.program
        evidence = subscription.association?.evidence
        isActive = subscription.isActive
        counts = subscription.association?.counts(at: time, isActive: subscription.isActive) ?? false
        isEditable = subscription.channel.carriesPartner
    }
}

/// One entry of the history of a partner of record as the API tells.
package struct AssociationDocument: Codable, Equatable, Sendable {
    package let number: Int
    package let time: String
    /// By whom.
    package let by: AssociationOrigin
    package let actor: String
    /// nil: nobody from then on.
    package let partner: String?
    package let replaces: String?
    package let program: Program?
    package let evidence: Evidence?
    /// The receipt of the sign-up that it came of.
    package let signup: String?
    package let note: String?
    /// The conflict that it is a decision on.
    package let conflict: Int64?
    /// Of the ledger's record.
    package let receipt: String
    /// Whether the ledger has it yet.
    package let isRecorded: Bool

    enum CodingKeys: String, CodingKey {
        case number, time, by, actor, partner, replaces, program, evidence, signup, note, conflict, receipt
        case isRecorded = "recorded"
    }

    package init(_ change: AssociationChange) {
        number = change.number
        time = change.time.description
        by = change.origin
        actor = change.actor
        partner = change.association?.partner.description
        replaces = change.replaces?.description
        program = change.association?.program
        evidence = change.association?.evidence
        signup = change.signup
        note = change.note
        conflict = change.conflict
        receipt = change.receipt.description
        isRecorded = change.isRecorded
    }
}

/// A receipt that the provider sent with an event, as the API tells.
package struct ToldReceiptDocument: Codable, Equatable, Sendable {
    package let event: String
    package let time: String
    package let receivedAt: String
    /// What stood in the event.
    package let claimed: String?
    package let finding: ReceiptFinding

    enum CodingKeys: String, CodingKey {
        case event, time, claimed, finding
        case receivedAt = "received_at"
    }

    package init(_ told: ToldReceipt) {
        event = told.event
        time = told.time.description
        receivedAt = told.receivedAt.description
        claimed = told.claimed
        finding = told.finding
    }
}

/// What a partner was told of a change by mail, or is to be told, as the API tells: not where its mail goes.
package struct NoticeDocument: Codable, Equatable, Sendable {
    /// The receipt of the change's record.
    package let change: String
    package let kind: Notice.Kind
    package let partner: String
    package let state: NoticeState
    /// Of the change.
    package let time: String
    package let attempts: Int
    /// While it is pending.
    package let nextAttempt: String?
    /// When it came to a state that it stays in.
    package let settledAt: String?
    package let lastError: String?

    enum CodingKeys: String, CodingKey {
        case change, kind, partner, state, time, attempts
        case nextAttempt = "next_attempt"
        case settledAt = "settled_at"
        case lastError = "last_error"
    }

    package init(_ entry: OutboxEntry) {
        change = entry.notice.change
        kind = entry.notice.kind
        partner = entry.notice.partner.description
        state = entry.state
        time = entry.notice.time.description
        attempts = entry.attempts
        nextAttempt = entry.nextAttempt?.description
        settledAt = entry.settledAt?.description
        lastError = entry.lastError
    }
}

/// What `GET subscriptions/{id}` answers.
package struct SubscriptionCase: Codable, Equatable, Sendable {
    package let subscription: SubscriptionDocument
    /// The newest changes, the newest first; `GET subscriptions/{id}/history` has all of them.
    package let history: [AssociationDocument]
    /// The newest receipts that the provider sent.
    package let receipts: [ToldReceiptDocument]
    /// The newest notices to the partners that were added and removed.
    package let notices: [NoticeDocument]
    /// Whether the server sends mail: where it does not, notices that are pending wait until it does. nil: no server was asked.
    package let sendsMail: Bool?

    enum CodingKeys: String, CodingKey {
        case subscription, history, receipts, notices
        case sendsMail = "sends_mail"
    }

    package init(
        subscription: SubscriptionDocument, history: [AssociationDocument], receipts: [ToldReceiptDocument],
        notices: [NoticeDocument], sendsMail: Bool? = nil
    ) {
        self.subscription = subscription
        self.history = history
        self.receipts = receipts
        self.notices = notices
        self.sendsMail = sendsMail
    }
}

/// What `GET subscriptions` answers.
package struct SubscriptionPage: Codable, Sendable {
    package let subscriptions: [SubscriptionDocument]
    /// The ID to go on behind; nil at the end.
    package let next: String?

    package init(subscriptions: [SubscriptionDocument], next: String?) {
        self.subscriptions = subscriptions
        self.next = next
    }
}

/// What `PUT subscriptions/{id}/partner` takes.
package struct PartnerOfRecordOrder: Codable, Sendable {
    package let partner: String
    /// nil: the first that the partner is enrolled in.
    package let program: String?
    /// nil: `digital`.
    package let evidence: String?
    package let note: String?

    package init(partner: String, program: String?, evidence: String?, note: String?) {
        self.partner = partner
        self.program = program
        self.evidence = evidence
        self.note = note
    }
}
