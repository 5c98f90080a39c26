import Attribution
import DeploymentKit

/// `porter kit check FILE --json`
struct KitCheckDocument: Encodable {
    private struct Opened: Encodable {
        let url: String
        /// Whether it is one of ours, and attributed.
        let attributed: Bool
        let status: Int
        /// As a record would have them; null when it is no sign-up.
        let outcome: String?
        let reason: String?
        let partner: String?
        let route: String?
        let campaign: String?
        /// What the link's signature is worth; null where the route does not look for one.
        let signature: String?
    }

    private struct Value: Encodable {
        let key: String
        let name: String
        let type: String
        /// null for what is no text.
        let data: String?
        let attributed: Bool
        let signups: [Opened]
    }

    private struct Finding: Encodable {
        let severity: String
        let code: String
        let key: String?
        let value: String?
        let message: String
    }

    private let attributed: Bool
    /// Whom all sign-ups would be attributed to.
    private let partner: String?
    private let mistakes: Bool
    private let values: [Value]
    private let findings: [Finding]

    init(_ check: ExportCheck) {
        attributed = check.isAttributed
        partner = check.partner?.description
        mistakes = check.hasMistakes
        values = check.values.map { value in
            Value(
                key: value.key, name: value.name.rawValue, type: value.data.typeName, data: value.data.text,
                attributed: value.isAttributed, signups: value.opened.map(Self.opened))
        }
        findings = check.findings.map { finding in
            Finding(
                severity: finding.severity.rawValue, code: finding.code.rawValue, key: finding.key.isEmpty ? nil : finding.key,
                value: finding.value, message: finding.message)
        }
    }

    private static func opened(_ opened: JudgedValue.Opened) -> Opened {
        let verdict = opened.verdict
        return Opened(
            url: opened.url, attributed: opened.isOurs && verdict.isAttributed, status: verdict.status,
            outcome: verdict.outcome?.rawValue, reason: verdict.reason?.rawValue, partner: verdict.partner?.description,
            route: verdict.route, campaign: verdict.campaign,
            signature: verdict.signature?.rawValue)
    }
}
