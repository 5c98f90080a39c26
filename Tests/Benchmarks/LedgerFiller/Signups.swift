import Attribution
import FrontDoor
import SeededRandomness

/// Sign-ups as they come: each a request, decided.
struct Signups {
    let routes: RouteTable
    let directory: PartnerDirectory
    private let partners: [PartnerID]
    private let paths: [String]

    /// - Parameter partners: those of the directory, who must be some.
    init(routes: RouteTable, directory: PartnerDirectory, partners: [PartnerID]) {
        self.routes = routes
        self.directory = directory
        self.partners = partners
        paths = routes.routes.flatMap { $0.paths.map(\.text) }.filter { !$0.contains("{") }.sorted()
    }

    func draft(at time: Timestamp, _ random: inout SplitMix64) -> RecordDraft {
        let network = UInt32.random(in: 0..<60_000, using: &random)
        let (high, low) = (UInt8(network / 250), UInt8(network % 250))
        let visitor = VisitorAddress(
            network: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 10, high, low, 0], recorded: "10.\(high).\(low).0")
        var parser = RequestHeadParser()
        let bytes = head(&random)
        guard case .complete(let head) = bytes.withUnsafeBytes({ parser.read($0) }).progress else {
            preconditionFailure("heads made here are whole")
        }
        let isSecure = chance(9, of: 10, &random)
        let request = SignupRequest(
            head: head, scheme: isSecure ? .https : .http, tlsVersion: isSecure ? .tls12 : nil, visitor: visitor)
        let receipt = Receipt(time: time, random16: UInt16(truncatingIfNeeded: random.next()), random64: random.next())
        let decision = decide(request, routes: routes, directory: directory, time: time, receipt: receipt)
        guard let draft = decision.draft else { preconditionFailure("\(decision.answer.status) for \(bytes)") }
        return draft
    }

    private func head(_ random: inout SplitMix64) -> [UInt8] {
        var query: [String] = []
        if let partner = partner(&random) { query.append("Partner=\(partner)") }
        let culture = Self.cultures.randomElement(using: &random)!
        if chance(4, of: 5, &random) { query.append("culture=\(culture)") }
        if chance(1, of: 3, &random) { query.append("country=\(culture.suffix(2))") }
        if chance(1, of: 5, &random) { query.append("campaign=image-\(skewed(40, &random))") }
        let agent = chance(1, of: 30, &random) ? Self.others.randomElement(using: &random)! : browser(&random)
        let text = """
            \(chance(1, of: 100, &random) ? "HEAD" : "GET") \(paths.randomElement(using: &random)!)?\(query.joined(separator: "&")) \
            HTTP/1.1\r
            Accept: text/html, application/xhtml+xml, */*\r
            Accept-Language: \(culture),en;q=0.3\r
            User-Agent: \(agent)\r
            Host: gateway.example.com\r
            \r

            """
        return Array(text.utf8)
    }

    /// Of a hundred, ninety name a partner of the directory, few of which have most of the sign-ups.
    private func partner(_ random: inout SplitMix64) -> String? {
        let known = partners[skewed(partners.count, &random)].description
        switch Int.random(in: 0..<100, using: &random) {
        case ..<90: return known
        case ..<94: return nil
        case ..<96: return "xxxxx"
        // Two digits changed places, or one is another.
        case ..<98: return String(known.dropLast(2) + known.suffix(2).reversed())
        case 98: return String(Int.random(in: 1_000_000..<9_999_999, using: &random))
        default: return (Self.oddities + ["0\(known)", "MPN\(known)", "\(known)&POR=1"]).randomElement(using: &random)!
        }
    }

    private func browser(_ random: inout SplitMix64) -> String {
        let version = ["6.1", "6.2", "6.3", "6.3", "10.0"].randomElement(using: &random)!
        let revision = Int.random(in: 0..<20, using: &random)
        return "Mozilla/5.0 (Windows NT \(version); WOW64; Trident/7.0; rv:11.\(revision)) like Gecko"
    }

    /// A number below `count`, small ones much more often: the cube of an even chance.
    private func skewed(_ count: Int, _ random: inout SplitMix64) -> Int {
        let even = Double.random(in: 0..<1, using: &random)
        return min(count - 1, Int(Double(count) * even * even * even))
    }

    private func chance(_ part: Int, of whole: Int, _ random: inout SplitMix64) -> Bool {
        Int.random(in: 0..<whole, using: &random) < part
    }

    private static let oddities = ["5d3f0a7e-1b2c-4d5e-8f90-a1b2c3d4e5f6"]
    private static let cultures = [
        "en-US", "en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "it-IT", "nl-NL", "pt-BR", "ja-JP", "sv-SE",
    ]
    private static let others = [
        "Googlebot/2.1 (+http://www.google.com/bot.html)", "curl/7.88.1", "PowerShell/5.1 WindowsPowerShell", "",
    ]
}
