import Attribution
import RouteFiles

/// What the hot path is fed with: the sign-up of an Essentials server as Internet Explorer sends it, judged by a shipped route.
struct Workload {
    let routes: RouteTable
    let directory: PartnerDirectory

    static let partners: [UInt64] = [1_234_567, 2_345_678, 3_456_789, 4_567_890]
    /// A fixed moment, so that every run writes records of one length.
    static let time = Timestamp(rfc3339: "2026-10-03T08:09:10.123456Z")!

    /// - Parameter folder: the shipped `routes/`.
    init(folder: String) throws {
        routes = try RouteFolder.load(path: folder).table
        var standings: [PartnerID: PartnerStanding] = [:]
        for number in Self.partners { standings[PartnerID(number)!] = PartnerStanding() }
        directory = PartnerDirectory(version: 1, standings: standings)
    }

    static let acceptLanguage = "fr-FR,fr;q=0.7,en;q=0.3"

    /// The bytes of one request, its partner and its visitor changing with `index`.
    static func requestBytes(_ index: Int) -> [UInt8] {
        let partner = partners[index % partners.count]
        let text = """
            GET /enterprisetry.html?Partner=\(partner)&culture=fr-FR HTTP/1.1\r
            Accept: text/html, application/xhtml+xml, */*\r
            Accept-Language: \(acceptLanguage)\r
            User-Agent: Mozilla/5.0 (Windows NT 6.3; WOW64; Trident/7.0; rv:11.\(index % 10)) like Gecko\r
            Accept-Encoding: gzip, deflate\r
            Host: gateway.example.com\r
            DNT: 1\r
            Connection: Keep-Alive\r
            \r

            """
        return Array(text.utf8)
    }

    static func visitor(_ index: Int) -> VisitorAddress {
        let host = UInt8(index / 10 % 200)
        return VisitorAddress(
            network: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, host, 0], recorded: "192.0.\(host).0")
    }

    /// Receipts that differ, without asking the kernel.
    static func receipt(_ index: Int) -> Receipt {
        Receipt(time: time, random16: UInt16(truncatingIfNeeded: index), random64: UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
    }

    func decision(_ request: SignupRequest, _ index: Int) -> Decision {
        decide(request, routes: routes, directory: directory, time: Self.time, receipt: Self.receipt(index))
    }

    func requests(_ count: Int, head: ([UInt8]) -> RequestHead) -> [SignupRequest] {
        (0..<count).map { index in
            SignupRequest(
                head: head(Self.requestBytes(index)), scheme: .https, tlsVersion: .tls12, visitor: Self.visitor(index))
        }
    }
}
