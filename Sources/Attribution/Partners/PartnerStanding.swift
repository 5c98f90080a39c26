/// Whether a partner can be attributed, and if not, why not: what the decision needs to know of a partner.
package struct PartnerStanding: Hashable, Sendable {
    /// What the operator says of the partner. DESIGN's `status`.
    package enum Status: String, CaseIterable, Sendable {
        case active
        case suspended
        /// Attributed like an active partner; its records are marked as tests.
        case test
    }

    /// Why a partner is suspended. DESIGN's `status_reason`.
    package enum StatusReason: String, CaseIterable, Sendable {
        case noAgreement = "no-agreement"
        case lapsed
        case requested
        case fraud
        case other
    }

    /// What the operator says of the partner, whatever the day.
    package var status: Status
    /// Only of a suspended partner.
    package var statusReason: StatusReason?
    /// The first UTC day on which the partner is valid; nil is no bound.
    package var validFrom: CalendarDay?
    /// The last UTC day on which the partner is valid, itself included; nil is no bound.
    package var validTo: CalendarDay?

    package init(
        status: Status = .active,
        statusReason: StatusReason? = nil,
        validFrom: CalendarDay? = nil,
        validTo: CalendarDay? = nil
    ) {
        self.status = status
        self.statusReason = statusReason
        self.validFrom = validFrom
        self.validTo = validTo
    }
}

extension PartnerStanding {
    /// How a request that names this partner at `time` comes out: suspension goes before expiry.
    package func outcome(at time: Timestamp) -> (outcome: Outcome, reason: Reason?) {
        if status == .suspended {
            return (.suspended, statusReason?.asReason)
        }
        if let validFrom, time < validFrom.start {
            return (.expired, .notYetValid)
        }
        if let validTo, time >= validTo.next.start {
            return (.expired, .noLongerValid)
        }
        return (.attributed, nil)
    }
}

extension PartnerStanding.StatusReason {
    /// The same in the words of a record.
    package var asReason: Reason {
        switch self {
        case .noAgreement: .noAgreement
        case .lapsed: .lapsed
        case .requested: .requested
        case .fraud: .fraud
        case .other: .other
        }
    }
}
