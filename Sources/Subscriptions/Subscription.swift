package import Attribution

/// What a customer bought, as the provider told it last, and who is its partner of record.
package struct Subscription: Equatable, Sendable {
    /// The provider's.
    package let id: String
    /// The customer, as the provider names it. One tenant has many subscriptions, each with a partner of record of its own.
    package let tenant: String
    package let product: Product
    package internal(set) var offer: String
    package internal(set) var seats: Int
    package internal(set) var channel: Channel
    /// The earliest time that the provider named.
    package internal(set) var createdAt: Timestamp
    /// The latest.
    package internal(set) var toldAt: Timestamp
    /// Counts the changes of anything here but ``toldAt``: whoever changes the partner says which state they saw.
    package internal(set) var version: Int
    /// How many changes of the partner there were: the last number of its history.
    package internal(set) var changes: Int
    /// nil: it has no partner of record.
    package internal(set) var association: PartnerOfRecord?
    /// Whether the provider reports the workload active; nil: it never said.
    package internal(set) var isActive: Bool?
}

/// Who is partner of record, and for what.
package struct PartnerOfRecord: Equatable, Sendable {
    package let partner: PartnerID
    /// nil: the partner is enrolled in none, and nothing counts.
    package let program: Program?
    package let evidence: Evidence

    package init(partner: PartnerID, program: Program?, evidence: Evidence) {
        self.partner = partner
        self.program = program
        self.evidence = evidence
    }
}

extension PartnerOfRecord {
    /// From this moment on an OSA form alone is no evidence for usage (Microsoft Support, article 3185425).
    static let osaFormEnds = CalendarDay(year: 2016, month: 1, day: 1).start

    /// Why an association does not count for the partner.
    package enum Obstacle: String, CaseIterable, Sendable {
        /// The partner was enrolled in no program.
        case withoutProgram = "without-program"
        /// It is for usage, on evidence that is none.
        case byForm = "by-form"
        /// It is for usage, and the provider does not report the workload active.
        case unused
    }

    /// What keeps the association from counting in its program at a moment at which it exists; nil: it counts. Evidence goes before the
    /// workload: with a form alone, it would not help that the workload is in use.
    ///
    /// - Parameter isActive: whether the provider reports the workload active then; nil: it never said.
    package func obstacle(at time: Timestamp, isActive: Bool?) -> Obstacle? {
        switch program {
        case .sell: nil
        case .usage where evidence == .osaForm && time >= Self.osaFormEnds: .byForm
        case .usage: isActive == true ? nil : .unused
        case nil: .withoutProgram
        }
    }

    /// Whether the association counts for the partner in its program at a moment at which it exists.
    ///
    /// - Parameter isActive: as of ``obstacle(at:isActive:)``.
    package func counts(at time: Timestamp, isActive: Bool?) -> Bool { obstacle(at: time, isActive: isActive) == nil }
}
