import Probe

/// One release's result as `porter probe` prints it.
struct ProbeRow {
    let result: ProbeResult
    /// Whether it counts for the exit status.
    let counts: Bool

    var isFailure: Bool { counts && !result.canSignUp }

    // MARK: Text

    /// A line with the answer, and below it what was seen.
    var text: String {
        let verdict = result.canSignUp ? "can sign up" : "CAN'T SIGN UP"
        let aside = counts || result.canSignUp ? "" : " (told only: see --require-tls10)"
        var lines = ["\(result.release.name): \(verdict)\(aside)"]
        if let agreement = result.agreement {
            lines.append("    \(agreement.version), \(agreement.suite), \(agreement.certificate.rawValue) certificate")
            if let problem = agreement.certificateProblem {
                lines.append("    a browser here would not trust the certificate: \(problem)")
            }
        }
        if let status = result.status {
            lines.append("    answered \(status)" + (result.location.map { " to \(Self.printable($0))" } ?? ""))
        }
        if let reason = result.reason { lines.append("    \(Self.printable(reason))") }
        return lines.joined(separator: "\n")
    }

    /// What a server sent, without anything that could steer the terminal.
    private static func printable(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }))
    }

    // MARK: JSON

    static func json(_ rows: [ProbeRow]) -> String {
        "[\n  \(rows.map(\.json).joined(separator: ",\n  "))\n]"
    }

    private var json: String {
        let agreement = result.agreement
        let members: [(String, String)] = [
            ("release", JSONText.string(result.release.id)),
            ("name", JSONText.string(result.release.name)),
            ("counts", String(counts)),
            ("can_sign_up", String(result.canSignUp)),
            ("connected", String(agreement != nil)),
            ("protocol", Self.optional(agreement?.version)),
            ("cipher_suite", Self.optional(agreement?.suite)),
            ("certificate", Self.optional(agreement?.certificate.rawValue)),
            ("certificate_problem", Self.optional(agreement?.certificateProblem)),
            ("status", result.status.map { String($0) } ?? "null"),
            ("location", Self.optional(result.location)),
            ("reason", Self.optional(result.reason)),
        ]
        return "{" + members.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
    }

    private static func optional(_ text: String?) -> String {
        text.map(JSONText.string) ?? "null"
    }
}
