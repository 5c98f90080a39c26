import Attribution
import SeededRandomness

/// Makes sign-ups over links that are signed by a partner's key, some of which somebody changed or never signed, before and after
/// their end.
struct RandomSignedLink {
    private var generator: SplitMix64

    init(seed: UInt64) {
        generator = SplitMix64(seed: ~seed)
    }

    private static let end = Timestamp(rfc3339: "2016-10-03T00:00:00Z")!
    private static let partners = ["1234567", "1234567", "1234567", "4227824", "7086220", "565380", "7654321"]
    private static let paths = ["/signed/", "/signed/", "/signed-strict/", "/reported/"]

    mutating func next() -> (request: SignupRequest, time: Timestamp) {
        var target = link()
        if generator.once(in: 3) {
            target[Int.random(in: target.indices, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        }
        let method = Array("GET".utf8)
        var head = RequestHead(
            bytes: method + target, method: method.indices, target: method.count..<method.count + target.count, version: .http11)
        head.appendField(name: "Host".utf8, value: "gateway.example.com".utf8)
        let day = CalendarDay(year: 2016, month: 10, day: Int.random(in: 1...5, using: &generator))
        let time = Timestamp(microseconds: day.start.microseconds + [-1, 0, 300_999_999, 301_000_000].pick(&generator))
        return (SignupRequest(head: head, scheme: .https), time)
    }

    private mutating func link() -> [UInt8] {
        let partner = Self.partners.pick(&generator)
        let path = Self.paths.pick(&generator)
        // The other routes know no campaigns.
        let campaign = path == "/signed/" && generator.once(in: 2) ? "spring" : ""
        let key = LinkKey(secret: TestDirectory.secrets[partner]?.pick(&generator) ?? "nobody's")
        let signed = SignedLink(
            path: Array((path + partner).utf8), partner: PartnerID(partner)!, campaign: Array(campaign.utf8),
            expiry: Self.end.seconds)
        if generator.once(in: 8) { return Array((path + partner + "?sig=").utf8) }
        let tag = campaign.isEmpty ? "" : "campaign=\(campaign)&"
        return Array("\(path)\(partner)?\(tag)exp=\(signed.expiry)&sig=\(signed.signature(with: key))".utf8)
    }
}
