import Attribution
import BackOffice
import DeploymentKit
import Foundation

/// `porter kit PARTNER --json`
struct KitDocument: Encodable {
    private struct Value: Encodable {
        let name: String
        /// All of them are strings.
        let type: String
        /// Absent when the file takes the values away.
        let data: String?
    }

    private struct Signup: Encodable {
        let edition: String
        let action: String
        let url: String
        let attributed: Bool
        /// As a record would have them.
        let outcome: String?
        let reason: String?
        /// What the URL's signature is worth; null where the route does not look for one.
        let signature: String?
    }

    private let partner: String
    private let agreement: String
    private let format: String
    private let undo: Bool
    /// Absent when the file takes the values away.
    private let attributed: Bool?
    private let key: String
    private let values: [Value]
    private let signups: [Signup]
    /// The last day on which the URLs' signatures are valid, in UTC; null when they have none.
    private let signedThrough: String?
    private let warnings: [String]
    /// To save the file under.
    private let name: String
    private let mediaType: String
    /// The file in Base64.
    private let content: String

    private enum CodingKeys: String, CodingKey {
        case partner, agreement, format, undo, attributed, key, values, signups, warnings, name, content
        case signedThrough = "signed_through"
        case mediaType = "media_type"
    }

    init(_ made: MadeKit, of order: KitOrder) {
        let (kit, file) = (made.kit, made.file)
        partner = kit.partner.description
        agreement = kit.agreement.rawValue
        format = order.format.name
        undo = order.isUndo
        attributed = order.isUndo ? nil : kit.isAttributed
        key = MSOKey.path
        values =
            order.isUndo
            ? kit.agreement.valueNames.map { Value(name: $0.rawValue, type: "REG_SZ", data: nil) }
            : kit.values.map { Value(name: $0.name.rawValue, type: "REG_SZ", data: $0.data) }
        signups = kit.forecasts.map { forecast in
            Signup(
                edition: forecast.endpoint.edition.rawValue, action: forecast.endpoint.action.rawValue, url: forecast.url,
                attributed: forecast.verdict.isAttributed, outcome: forecast.verdict.outcome?.rawValue,
                reason: forecast.verdict.reason?.rawValue, signature: forecast.verdict.signature?.rawValue)
        }
        signedThrough = kit.signedThrough?.description
        warnings = made.warnings.map(\.message)
        name = file.name
        mediaType = file.mediaType
        content = Data(file.bytes).base64EncodedString()
    }
}
