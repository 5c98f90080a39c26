package import Attribution

/// How a sign-up comes out that is attributed to nobody.
package struct SignupFailure: Equatable, Sendable {
    /// nil when it is no sign-up: no route has the URL, or the request is refused.
    package let outcome: Outcome?
    package let reason: Reason?
    /// In the words of a record.
    package let words: String
    /// The HTTP status that is answered; nil when the directory alone was asked.
    let status: Int?

    /// nil for a sign-up that is attributed.
    init?(_ verdict: SignupVerdict) {
        guard !verdict.isAttributed else { return nil }
        outcome = verdict.outcome
        reason = verdict.reason
        words = verdict.words
        status = verdict.status
    }

    /// What the directory alone says, whatever routes there are; nil when it would have the partner attributed.
    init?(of partner: PartnerID, in directory: PartnerDirectory, at time: Timestamp) {
        let (outcome, reason) = directory[partner]?.outcome(at: time) ?? (.unknown, nil)
        guard outcome != .attributed else { return nil }
        self.outcome = outcome
        self.reason = reason
        words = outcome.rawValue + (reason.map { " (\($0.rawValue))" } ?? "")
        status = nil
    }
}
