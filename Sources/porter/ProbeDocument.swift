import Probe

/// A report of `porter probe` as JSON: an array with an object for each release, and, where plain HTTP was asked, one more.
///
/// The members that are not `endpoints` tell of the first path that failed, else of the first path; what was agreed on is that of
/// the first connection that came about.
struct ProbeDocument {
    let report: ProbeReport

    var json: String {
        "[\n  \(report.all.map(object).joined(separator: ",\n  "))\n]"
    }

    private func object(_ outcome: ReleaseOutcome) -> String {
        let agreement = outcome.agreement
        let certificate = agreement?.certificate
        let telling = outcome.telling
        return Self.object([
            ("release", JSONText.string(outcome.id)),
            ("name", JSONText.string(outcome.name)),
            ("counts", String(outcome.counts)),
            ("can_sign_up", String(outcome.canSignUp)),
            ("connected", String(agreement != nil)),
            ("protocol", Self.optional(agreement?.version)),
            ("cipher_suite", Self.optional(agreement?.suite)),
            ("application_protocol", Self.optional(agreement?.applicationProtocol)),
            ("certificate", Self.optional(certificate?.kind.rawValue)),
            ("certificate_names", Self.optional(certificate?.names)),
            ("certificate_sha256", Self.optional(certificate?.fingerprint)),
            ("certificate_problem", Self.optional(certificate?.problem)),
            ("chain_verifies", certificate.map { String($0.chainProblem == nil) } ?? "null"),
            ("names_host", certificate.map { String($0.namesHost) } ?? "null"),
            ("status", telling.status.map { String($0) } ?? "null"),
            ("location", Self.optional(telling.location)),
            ("reason", Self.optional(telling.reason)),
            ("mends", JSONText.list(report.mends(of: outcome).map(\.rawValue))),
            ("not_sent", JSONText.list(outcome.release?.notSent ?? [])),
            ("endpoints", "[" + outcome.results.map(Self.endpoint).joined(separator: ", ") + "]"),
        ])
    }

    private static func endpoint(_ result: ProbeResult) -> String {
        object([
            ("path", JSONText.string(result.path)),
            ("can_sign_up", String(result.canSignUp)),
            ("connected", String(result.agreement != nil)),
            ("protocol", optional(result.agreement?.version)),
            ("cipher_suite", optional(result.agreement?.suite)),
            ("status", result.status.map { String($0) } ?? "null"),
            ("location", optional(result.location)),
            ("reason", optional(result.reason)),
            ("milliseconds", result.milliseconds.map { String($0) } ?? "null"),
        ])
    }

    private static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
    }

    private static func optional(_ text: String?) -> String {
        text.map(JSONText.string) ?? "null"
    }
}
