import Attribution
import DeploymentKit
import FrontDoor
import Logging
import Subscriptions

/// The options of `porter serve`, resolved and checked.
struct ServeConfiguration: Sendable {
    let dataFolder: String
    let routesFolder: String
    let publicFolder: String
    /// Whether the operator named the folder: a missing one is then a mistake.
    let publicFolderIsNamed: Bool
    let https: ListenAddress?
    let http: ListenAddress?
    let backOffice: ListenAddress?
    /// Whether the operator named the back office's address: if not, sign-ups are served without one should it be taken.
    let backOfficeIsNamed: Bool
    /// Empty: a self-signed pair is made.
    let certificates: [TLSSettings.Pair]
    let preferredCertificate: CertificateKind
    let minimumTLS: TLSSettings.MinimumVersion
    let trustedProxies: [AddressRange]
    let hosts: [String]
    let node: String
    let recordedAddress: RecordedAddress
    /// nil: error pages have no such link.
    let privacyURL: PrivacyURL?
    /// How old a sign-up's receipt may be when the provider tells of the subscription, in days.
    let receiptDays: Int
    /// nil: partners get no mail.
    let mail: MailConfiguration?
    let logLevel: Logger.Level
    let printsSignups: Bool

    /// - Throws: ``CommandFailure`` that names the option and what it takes.
    init(_ options: ServeOptions) async throws {
        let settings = try await options.folder.configuration.settings()
        dataFolder = try settings.string("data", flag: options.folder.data, default: "var")
        routesFolder = try settings.string("routes", flag: options.routes, default: "routes")
        publicFolderIsNamed = settings.string("public", flag: options.publicFolder) != nil
        publicFolder = try settings.string("public", flag: options.publicFolder, default: "Public")
        https = try Self.address("https", settings.string("https", flag: options.https, default: "0.0.0.0:8443"))
        http = try Self.address("http", settings.string("http", flag: options.http, default: "0.0.0.0:8080"))
        backOfficeIsNamed = settings.string("back-office", flag: options.backOffice) != nil
        backOffice = try Self.address(
            "back-office", settings.string("back-office", flag: options.backOffice, default: "127.0.0.1:8090"))
        certificates = try Self.certificates(
            settings.strings("tls-certificate", flags: options.tlsCertificates),
            settings.strings("tls-key", flags: options.tlsKeys))
        preferredCertificate = try settings.choice("prefer-certificate", flag: options.preferCertificate, default: .ecdsa)
        minimumTLS = try settings.choice("minimum-tls", flag: options.minimumTLS, default: .tls12)
        trustedProxies = try settings.strings("trusted-proxy", flags: options.trustedProxies).map(Self.range)
        hosts = try settings.strings("host", flags: options.hosts).map(Self.host)
        node = try Self.node(settings.string("node", flag: options.node, default: "main"))
        recordedAddress = try settings.choice("record-ip", flag: options.recordIP, default: .truncated)
        privacyURL = try settings.string("privacy-url", flag: options.privacyURL).map(Self.privacyURL)
        receiptDays = try Self.receiptDays(settings.string("receipt-days", flag: options.receiptDays))
        mail = try MailConfiguration(settings, options)
        logLevel = try settings.choice("log-level", flag: options.logLevel, default: .info)
        printsSignups = try settings.flag("print-signups", flag: options.printsSignups)
        guard https != nil || http != nil else {
            throw CommandFailure(
                message: "--https and --http are both off: nothing could be answered; leave one on",
                exitCode: CommandFailure.badRequest)
        }
    }

    private static func address(_ option: String, _ text: String) throws -> ListenAddress? {
        if text == "off" { return nil }
        guard let address = ListenAddress(text) else {
            throw CommandFailure(
                message:
                    "--\(option) is \(text.debugDescription), and must be HOST:PORT such as 0.0.0.0:8443 or [::]:8443, or off",
                exitCode: CommandFailure.badRequest)
        }
        return address
    }

    private static func certificates(_ certificates: [String], _ keys: [String]) throws -> [TLSSettings.Pair] {
        guard certificates.count == keys.count else {
            throw CommandFailure(
                message: "there are \(certificates.count) --tls-certificate and \(keys.count) --tls-key; "
                    + "give each certificate its key, in the same order",
                exitCode: CommandFailure.badRequest)
        }
        return zip(certificates, keys).map { TLSSettings.Pair(certificatePath: $0, keyPath: $1) }
    }

    private static func range(_ text: String) throws -> AddressRange {
        guard let range = AddressRange(text) else {
            throw CommandFailure(
                message: "--trusted-proxy is \(text.debugDescription), and must be an address or a range such as 10.0.0.0/8",
                exitCode: CommandFailure.badRequest)
        }
        return range
    }

    private static func host(_ text: String) throws -> String {
        let name = HostName.normalized(text)
        guard !name.isEmpty, name.utf8.count <= 253, name.utf8.allSatisfy({ $0.isURIUnreserved || $0 == UInt8(ascii: ":") })
        else {
            throw CommandFailure(
                message: "--host is \(text.debugDescription), and must be a host name such as gateway.example.com",
                exitCode: CommandFailure.badRequest)
        }
        return name
    }

    private static func privacyURL(_ text: String) throws -> PrivacyURL {
        guard let url = PrivacyURL(text) else {
            throw CommandFailure(
                message: "--privacy-url is \(text.debugDescription), and must be an absolute https or http URL of ASCII such as "
                    + "https://www.example.com/privacy",
                exitCode: CommandFailure.badRequest)
        }
        return url
    }

    private static let mostReceiptDays = 3_650

    /// Of the option `--receipt-days`, which holds for what is imported without a server as well.
    static func receiptDays(_ text: String?) throws -> Int {
        guard let text else { return SubscriptionRules.usualReceiptDays }
        guard let days = Int(text), (1...mostReceiptDays).contains(days) else {
            throw CommandFailure(
                message: "--receipt-days is \(text.debugDescription), and must be a number from 1 to \(mostReceiptDays)",
                exitCode: CommandFailure.badRequest)
        }
        return days
    }

    /// The node's name is in every record and in the name of its checkpoints.
    private static func node(_ text: String) throws -> String {
        guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy(\.isURIUnreserved) else {
            throw CommandFailure(
                message: "--node is \(text.debugDescription), and must be 1 to 64 letters, digits, dots, hyphens or underscores",
                exitCode: CommandFailure.badRequest)
        }
        return text
    }
}

extension ServeConfiguration {
    /// Where servers most likely reach the front door: by the first of the operator's names, over HTTPS; nil without a name. What
    /// a kit is made for is its maker's to say.
    var proposedGateway: GatewayURL? { hosts.first.flatMap { try? GatewayURL("https://\($0)") } }
}
