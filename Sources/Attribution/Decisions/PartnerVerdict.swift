/// The outcome of one request, with whom it concerns.
struct PartnerVerdict {
    var outcome: Outcome
    var reason: Reason?
    /// For attributed, unknown, suspended, expired and unsigned.
    var partner: PartnerID?
    var isListed = false
    var isTest = false

    /// Asks the directory about the ID that the request names.
    init(_ verdict: PartnerChoice.Verdict, rule: PartnerRule, directory: PartnerDirectory, time: Timestamp) {
        switch verdict {
        case .none(let outcome, let reason):
            self.outcome = outcome
            self.reason = reason
        case .id(let id):
            partner = id
            if let standing = directory[id] {
                isListed = true
                isTest = standing.status == .test
                (outcome, reason) = standing.outcome(at: time)
            } else {
                outcome = rule.require == .syntax ? .attributed : .unknown
            }
        }
    }

    /// Takes the attribution back from a link without the signature that its route requires. Who would not be attributed anyway
    /// keeps the outcome, which says more about what is to be mended.
    mutating func require(_ signature: LinkSignature) {
        if outcome == .attributed, signature != .valid { outcome = .unsigned }
    }

    /// 400 or 403 of a route that rejects what it can't attribute; nil for attributed.
    var rejectionStatus: Int? {
        switch outcome {
        case .attributed: nil
        case .missing, .malformed, .placeholder, .guid, .conflict: 400
        case .unknown, .suspended, .expired, .unsigned: 403
        }
    }
}
