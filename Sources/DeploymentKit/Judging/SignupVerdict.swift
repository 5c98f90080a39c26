package import Attribution

/// What becomes of a sign-up URL when a server opens it.
package struct SignupVerdict: Equatable, Sendable {
    /// The HTTP status that is answered.
    package let status: Int
    /// nil when it is no sign-up: no route has the URL, or the request is refused.
    package let outcome: Outcome?
    package let reason: Reason?
    /// For attributed, unknown, suspended and expired.
    package let partner: PartnerID?
    /// The name of the route that judged.
    package let route: String?
    package let endpoint: Endpoint?
    package let campaign: String?
    /// What the link's signature is worth; nil where the route does not look for one.
    package let signature: LinkSignature?

    init(_ decision: Decision) {
        let draft = decision.draft
        status = decision.answer.status
        outcome = draft?.outcome
        reason = draft?.reason
        partner = draft?.partner
        route = draft?.route.name
        endpoint = draft?.route.endpoint
        campaign = draft?.campaign
        signature = draft?.signature
    }

    package var isAttributed: Bool { outcome == .attributed }

    /// In the words of a record: `attributed`, `suspended (lapsed)`, `unsigned, signature expired`; `no sign-up (404)`.
    package var words: String {
        guard let outcome else { return "no sign-up (\(status))" }
        return outcome.rawValue + (reason.map { " (\($0.rawValue))" } ?? "")
            + (signature.map { ", signature \($0.rawValue)" } ?? "")
    }
}
