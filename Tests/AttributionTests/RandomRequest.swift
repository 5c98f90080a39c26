import Attribution
import SeededRandomness

/// Makes requests that look like sign-ups, damaged in all the ways that parsers stumble over, and now and then plain noise.
struct RandomRequest {
    private var generator: SplitMix64
    private var links: RandomSignedLink
    private var count = 0

    /// One in so many comes over a signed link: at random a signature is never right.
    private static let linkInterval = 12

    init(seed: UInt64) {
        generator = SplitMix64(seed: seed)
        links = RandomSignedLink(seed: seed)
    }

    mutating func next() -> (request: SignupRequest, time: Timestamp) {
        count += 1
        if count.isMultiple(of: Self.linkInterval) { return links.next() }
        let method = generator.once(in: 40) ? generator.bytes(upTo: 6) : Array(["GET", "HEAD", "POST"].pick(&generator).utf8)
        var target = generator.once(in: 20) ? generator.bytes(upTo: 60) : path() + (generator.once(in: 10) ? [] : query())
        if generator.once(in: 6) { mutate(&target) }
        if generator.once(in: 300) { target += [UInt8](repeating: [0x25, 0x2F, 0x26, 0x61].pick(&generator), count: 8_300) }
        var head = RequestHead(
            bytes: method + target, method: 0..<method.count, target: method.count..<method.count + target.count,
            version: generator.once(in: 10) ? .http10 : .http11)
        if !generator.once(in: 30) { head.appendField(name: "Host".utf8, value: host()) }
        for _ in 0..<Int.random(in: 0...4, using: &generator) { addField(to: &head) }
        if generator.once(in: 300) { for _ in 0..<120 { addField(to: &head) } }
        let scheme: SignupRequest.Scheme = generator.once(in: 4) ? .http : .https
        let request = SignupRequest(
            head: head,
            body: generator.once(in: 2) ? nil : body(),
            scheme: scheme,
            tlsVersion: scheme == .http ? nil : .tls12,
            visitor: generator.once(in: 4) ? nil : VisitorAddress(network: [], recorded: "192.0.2.0"))
        return (request, time())
    }

    // MARK: Targets

    private static let paths = [
        "/enterprisetry.html", "/enterprisebuy.html", "/smallbiztry.html", "/bare", "/strict", "/syntax", "/syntax-strict",
        "/either/any", "/names", "/shared", "/see-other", "/temporary", "/fragment/empty", "/fragment/text", "/insecure",
        "/Caf%C3%A9%20au%20lait/Prix", "/a%2Fb", "/", "/values", "/no-endpoint", "/passing", "/letters", "/campaign-order",
        "/healthz", "/robots.txt", "/s/x", "/nowhere",
    ]
    private static let templates = [
        ("/p/", "/enterprise/trial"), ("/p/", "/enterprise/buy"), ("/strict/", ""), ("/syntax/", ""), ("/either/", ""),
        ("/", "/start/here"), ("/go/", "/on"),
    ]
    private static let prefixes = [
        "", "", "", "", "", "", "http://gateway.example.com", "HTTPS://u:p@b.example.com:1", "http://", "//",
    ]

    private mutating func path() -> [UInt8] {
        let prefix = Array(Self.prefixes.pick(&generator).utf8)
        if generator.once(in: 2) { return prefix + Array(Self.paths.pick(&generator).utf8) }
        let (before, after) = Self.templates.pick(&generator)
        return prefix + Array(before.utf8) + value() + Array(after.utf8)
    }

    private static let names = [
        "Partner", "POR", "PORID", "msppid", "MPNID", "partner id", "culture", "mkt", "lang", "lc", "clcid", "country",
        "campaign",
        "utm_campaign", "dl", "ali", "short", "any", "word", "digits", "one", "either", "odd", "offer", "text", "plan", "first",
        "second", "ru", "OfferId", "",
    ]

    private mutating func query() -> [UInt8] {
        var query = [UInt8(ascii: "?")]
        let count = generator.once(in: 200) ? 110 : Int.random(in: 0...6, using: &generator)
        for _ in 0..<count { query += pair() }
        return query
    }

    private mutating func pair() -> [UInt8] {
        let names = generator.once(in: 3) ? Self.names[..<6] : Self.names[...]
        var name = Array(names.pick(&generator).utf8)
        if generator.once(in: 8) { name = Array("amp;".utf8) + name }
        if generator.once(in: 4) { name = name.map { $0.isASCIILetter && generator.once(in: 2) ? $0 ^ 0x20 : $0 } }
        if generator.once(in: 12) { mutate(&name) }
        let separator: [UInt8] = generator.once(in: 12) ? [] : [UInt8(ascii: "=")]
        return name + separator + value() + [UInt8(ascii: generator.once(in: 20) ? ";" : "&")]
    }

    private static let values = [
        "1234567", "565380", "5", "9999999999", "10000000000", "0", "01", "null", "undefined", "4227824", "1000001", "1000003",
        "7086220", "7654321", "xxxxx", "%3CPORID%3E", "%PORID%", "$(id)", "6b29fc40-ca47-1067-b31d-00dd010662da",
        "%7B6B29FC40-CA47-1067-B31D-00DD010662DA%7D", "%EF%BC%91%EF%BC%92", "%221234567%22", "'5'", "%E2%80%9C5%E2%80%9D", "%00",
        "%ED%A0%80", "%FF", "%C3", "en-US", "fr_ca", "ph-ph", "1033", "0x409", "US", "uk", "%E2%84%AAE", "ENTERPRISEPACK", "E3",
        "Basic", "spring-2016", "a", "x", "42", "", "+", "%0D%0ASet-Cookie:a=b", "%23%3F%26%3D", "https://evil.example/",
        "e%CC%81",
        "%F0%9F%98%80", "%e2%80%a8",
    ]

    private mutating func value() -> [UInt8] {
        if generator.once(in: 30) { return generator.bytes(upTo: 20) }
        if generator.once(in: 60) { return [UInt8](repeating: UInt8.random(in: .min ... .max, using: &generator), count: 700) }
        var value = Array(Self.values.pick(&generator).utf8)
        if generator.once(in: 10) { value += Self.values.pick(&generator).utf8 }
        if generator.once(in: 10) { mutate(&value) }
        return value
    }

    private static let pieces: [[UInt8]] =
        [
            "%", "%2", "%25", "amp;", "&amp;", ";", "=", "&", "?", "#", "/", "\"", "'", "+", "\0", "\t", "\u{FEFF}", "０", "“",
            "|", "\\", "{", "}",
        ]
        .map { Array($0.utf8) } + [[0xED, 0xA0, 0x80], [0x80], [0xFF], [0xC3], [0xF4, 0x90, 0x80, 0x80]]

    /// Puts pieces in, takes bytes out, and changes some.
    private mutating func mutate(_ bytes: inout [UInt8]) {
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let place = Int.random(in: 0...bytes.count, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes.insert(contentsOf: Self.pieces.pick(&generator), at: place)
            case 1 where place < bytes.count: bytes.remove(at: place)
            case 2 where place < bytes.count: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
            default: break
            }
        }
    }

    // MARK: Fields and body

    private static let hosts = [
        "gateway.example.com", "GATEWAY.example.com.:443", "a.example.com", "b.example.com:8443", "[::1]:80", "[", ":", ".", "",
        "evil",
    ]

    private mutating func host() -> [UInt8] {
        generator.once(in: 10) ? generator.bytes(upTo: 12) : Array(Self.hosts.pick(&generator).utf8)
    }

    private static let fields: [(name: String, values: [String])] = [
        ("Host", ["gateway.example.com"]),
        (
            "User-Agent",
            [
                "Mozilla/5.0 (Windows NT 6.3; Trident/7.0; rv:11.0) like Gecko", "Windows NT", "windows nt 6.", "curl/7", "/", "",
                "Googlebot", "Windows NT 10.0.14393",
            ]
        ),
        ("Accept-Language", ["fr;q=0.5, de", "*", ";;;,,,q=", "en-US;q=1.000", "de;q=", "x;q=0.12345"]),
        ("Referer", ["https://www.example.org/x", "://", "http://", "http://@:/", "a://[::1]:5", "/x?u=http://y"]),
        (
            "Content-Type",
            ["application/x-www-form-urlencoded", "application/x-www-form-urlencoded;charset=x", "text/plain", ";"]
        ),
        ("Sec-Purpose", ["prefetch", "none"]), ("Purpose", ["preview", ""]), ("X-Moz", ["prefetch"]), ("Porter-Test", ["", "1"]),
        ("Cookie", ["a=b"]), ("X-Forwarded-For", ["1.2.3.4", "5"]), ("", [""]),
    ]

    private mutating func addField(to head: inout RequestHead) {
        let (name, values) = Self.fields.pick(&generator)
        if name == "Host", !generator.once(in: 20) { return }
        var value = Array(values.pick(&generator).utf8)
        if generator.once(in: 8) { mutate(&value) }
        if generator.once(in: 200) { value += [UInt8](repeating: UInt8(ascii: " "), count: 9_000) }
        head.appendField(name: name.utf8, value: value)
    }

    private mutating func body() -> [UInt8] {
        if generator.once(in: 10) { return generator.bytes(upTo: 60) }
        var body = query()[1...]
        if generator.once(in: 100) { body += [UInt8](repeating: UInt8(ascii: "a"), count: 8_192) }
        return Array(body)
    }

    /// Around the days at which the directory's partners begin and end, mostly.
    private mutating func time() -> Timestamp {
        if generator.once(in: 50) { return Timestamp(microseconds: Int64.random(in: .min ... .max, using: &generator)) }
        let midnight = CalendarDay(year: 2016, month: 10, day: Int.random(in: 1...5, using: &generator)).start
        return Timestamp(microseconds: midnight.microseconds + [-1, 0, 1, 43_200_000_000].pick(&generator))
    }
}
