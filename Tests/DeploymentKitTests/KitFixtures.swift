import Attribution
import Foundation
import RouteFiles

@testable import DeploymentKit

/// What the tests of kits and exports are judged by: the routes that ship, and a few partners.
enum KitFixtures {
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let active = PartnerID("1234567")!
    static let other = PartnerID("2345678")!
    static let suspended = PartnerID("4567890")!
    static let unknown = PartnerID("1234568")!

    static let directory = PartnerDirectory(
        version: 1,
        standings: [
            active: PartnerStanding(), other: PartnerStanding(),
            suspended: PartnerStanding(status: .suspended, statusReason: .lapsed),
            PartnerID("7890123")!: PartnerStanding(validFrom: CalendarDay("2099-01-01")),
        ])

    static let time = Timestamp(rfc3339: "2016-10-03T08:00:00Z")!

    static func shippedRoutes() throws -> RouteTable {
        try RouteFolder.load(path: repository.appendingPathComponent("routes").path).table
    }

    static func judge() throws -> SignupJudge {
        SignupJudge(routes: try shippedRoutes(), directory: directory, time: time)
    }

    /// - Parameter texts: of route files.
    static func judge(_ texts: String...) throws -> SignupJudge {
        let files = texts.enumerated().map { RouteFile(file: "route-\($0.offset).yaml", text: Array($0.element.utf8)) }
        return SignupJudge(routes: try RouteFolder.parse(files).table, directory: directory, time: time)
    }

    /// A route for one endpoint.
    static func route(_ edition: String, _ action: String, paths: String, more: String = "") -> String {
        """
        name: \(edition)-\(action)
        match: { paths: [\(paths)]\(more) }
        endpoint: { edition: \(edition), action: \(action) }
        campaign: { parameters: [tag], pattern: "[^x]{1,300}" }
        destination: { url: "https://signup.example.com/Signup", query: [ { name: msppid, from: partner } ] }
        """
    }

    /// What the links of ``active`` are signed with.
    static let key = LinkKey(secret: "porterkey_of-the-tests")

    /// Routes of all endpoints that judge signatures.
    ///
    /// - Parameters:
    ///   - rule: what `partner.signature` says.
    ///   - keys: of ``active``.
    static func signedJudge(_ rule: String, keys: [LinkKey] = [key], time: Timestamp = time) throws -> SignupJudge {
        let files = SignupValue.Name.allCases.compactMap(\.endpoint).map { endpoint in
            let (edition, action) = (endpoint.edition.rawValue, endpoint.action.rawValue)
            let text = """
                name: \(edition)-\(action)
                match: { paths: ["/\(edition)-\(action).html", "/p/{partner}/\(edition)/\(action)"] }
                endpoint: { edition: \(edition), action: \(action) }
                campaign: { parameters: [campaign], pattern: "[a-z0-9-]{1,40}" }
                partner: { signature: "\(rule)" }
                destination: { url: "https://signup.example.com/Signup", query: [ { name: msppid, from: partner } ] }
                """
            return RouteFile(file: "\(edition)-\(action).yaml", text: Array(text.utf8))
        }
        let directory = PartnerDirectory(version: 1, standings: [active: PartnerStanding()], linkKeys: [active: keys])
        return SignupJudge(routes: try RouteFolder.parse(files).table, directory: directory, time: time)
    }

    /// A kit of ``active`` whose URLs are signed.
    static func signedKit(
        through day: String = "2021-10-03", campaign: String? = nil, judge: SignupJudge? = nil
    ) throws -> Kit {
        try Kit(
            for: active, under: .mosra, gateway: try GatewayURL("https://gateway.example.com"), campaign: campaign,
            signing: KitSigning(with: key, through: CalendarDay(day)!), judge: try judge ?? signedJudge("require"))
    }

    static func kit(
        _ partner: PartnerID = active, _ agreement: KitAgreement = .mosra, gateway: String? = "https://gateway.example.com",
        campaign: String? = nil, judge: SignupJudge? = nil
    ) throws -> Kit {
        try Kit(
            for: partner, under: agreement, gateway: try gateway.map { try GatewayURL($0) }, campaign: campaign,
            judge: try judge ?? self.judge())
    }

    static func text(_ file: KitFile) -> String { String(decoding: file.bytes, as: UTF8.self) }

    /// An export as `reg export` writes it.
    static func export(_ lines: String..., version: String = "Windows Registry Editor Version 5.00") -> [UInt8] {
        utf16(([version, ""] + lines + ["", ""]).joined(separator: "\r\n"))
    }

    /// Little-endian, with a byte order mark.
    static func utf16(_ text: String) -> [UInt8] {
        ([0xFEFF] + Array(text.utf16)).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }
}
