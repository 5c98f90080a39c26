import Attribution
import Office
import Subscriptions

/// Whether a sign-up with a text in place of the Partner ID is attributed, and if not, why and where to go.
struct PartnerCheck: Encodable, Sendable {
    /// As it was given.
    let text: String
    /// The ID that it is; absent when it is none.
    let id: String?
    let name: String?
    let usable: Bool
    /// `attributed`, or why a sign-up is not.
    let outcome: String
    var reason: String?
    /// What else a partner has to know who is to be paid: words of a closed set.
    let remarks: [Remark]
    /// Since when it is as it is: when we learned it, RFC 3339.
    let since: String?
    /// The first day on which it may be attributed, `YYYY-MM-DD`; absent where the directory has none.
    var validFrom: String?
    /// The last one.
    var validTo: String?
    /// The programs that it is enrolled in, and can be offered for; absent where there is no such partner.
    var programs: [Program]?

    enum CodingKeys: String, CodingKey {
        case text, id, name, usable, outcome, reason, remarks, since, programs
        case validFrom = "valid_from"
        case validTo = "valid_to"
    }

    enum Remark: String, Encodable, CaseIterable {
        /// Without an agreement nobody is paid.
        case noAgreement = "no-agreement"
        /// Incentives are paid to location IDs.
        case globalAccount = "global-account"
        /// It is a partner for tests.
        case test
    }
}

extension Desks {
    /// Judges a text as a sign-up of this moment would be.
    func check(_ text: String) async throws -> PartnerCheck {
        let time = now()
        let kind = CandidateKind.classify(text.utf8)
        guard case .id(let id) = kind else { return PartnerCheck(text: text, kind) }
        let history = try await office { try $0.history(of: id) }
        guard let entry = history.last else {
            return PartnerCheck(
                text: text, id: id.description, name: nil, usable: false, outcome: Outcome.unknown.rawValue, reason: nil,
                remarks: [], since: nil)
        }
        let partner = entry.partner
        let (outcome, reason) = partner.standing.outcome(at: time)
        var remarks: [PartnerCheck.Remark] = []
        if partner.agreement == .none { remarks.append(.noAgreement) }
        if partner.account == .global { remarks.append(.globalAccount) }
        if partner.standing.status == .test { remarks.append(.test) }
        return PartnerCheck(
            text: text, id: id.description, name: partner.name, usable: outcome == .attributed, outcome: outcome.rawValue,
            reason: reason?.rawValue, remarks: remarks, since: history.standingSince?.learnedAt.description,
            validFrom: partner.standing.validFrom?.description, validTo: partner.standing.validTo?.description,
            programs: partner.enrolled)
    }
}

extension PartnerCheck {
    /// What is no ID.
    fileprivate init(text: String, _ kind: CandidateKind) {
        let (outcome, reason): (Outcome, Reason?) =
            switch kind {
            case .guid: (.guid, nil)
            case .placeholder: (.placeholder, nil)
            case .malformed(let reason): (.malformed, reason)
            case .id, .nothing: (.missing, nil)
            }
        self.init(
            text: text, id: nil, name: nil, usable: false, outcome: outcome.rawValue, reason: reason?.rawValue, remarks: [],
            since: nil)
    }
}

extension PartnerCheck {
    /// The same for who is not of the staff: that somebody suspects fraud is not told to third parties. A partner that is suspended for it
    /// is suspended for another reason, like those that are; no reason at all would be one of its own.
    var withoutSuspicion: PartnerCheck {
        var told = self
        if told.reason == Reason.fraud.rawValue { told.reason = Reason.other.rawValue }
        return told
    }
}

extension SubscriptionRefusal {
    /// The same, as ``PartnerCheck/withoutSuspicion``.
    var withoutSuspicion: SubscriptionRefusal {
        guard case .unusablePartner(let partner, let outcome, .fraud) = self else { return self }
        return .unusablePartner(partner, outcome, .other)
    }
}
