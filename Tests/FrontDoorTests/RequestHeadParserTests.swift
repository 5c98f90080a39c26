import Attribution
import SeededRandomness
import Testing

@testable import FrontDoor

@Suite("The head parser")
struct RequestHeadParserTests {
    static let goodTexts: [(text: String, target: String)] = [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "/"),
        ("GET / HTTP/1.0\r\n\r\n", "/"),
        ("\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\n", "/a"),
        ("\r\n\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\n", "/a"),
        ("POST /a?b=c#d HTTP/1.1\r\nHost:a\r\nContent-Length:   5  \r\n\r\n", "/a?b=c#d"),
        ("GET http://a/b HTTP/1.1\r\nHost: a\r\nX-Empty:\r\nX-Blank:  \t \r\n\r\n", "http://a/b"),
        ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "*"),
        ("M-SEARCH!#$%&'*+.^_`|~ / HTTP/1.1\r\nhOsT: a\r\n\r\n", "/"),
        ("GET /\u{e9}?x=\t HTTP/1.1\r\nUser-Agent: \u{fc}\t;\r\n\r\n", "/\u{e9}?x=\t"),
        ("GET /\"<>\\^`{|} HTTP/1.1\r\n\r\n", "/\"<>\\^`{|}"),
    ]

    /// Bytes of the Windows code page 1252, which are not UTF-8.
    static let codePageHead: [UInt8] =
        Array("GET /?q=".utf8) + [0xE9, 0xFF, 0x80] + Array(" HTTP/1.1\r\nReferer: http://x/".utf8) + [0xFC]
        + Array("\r\n\r\n".utf8)

    static let goodHeads: [[UInt8]] = goodTexts.map { Array($0.text.utf8) } + [codePageHead]

    static let badHeads: [(text: String, fault: HeadFault)] = [
        ("GET /\r\n\r\n", .malformed(.requestLine)),
        ("GET  / HTTP/1.1\r\n\r\n", .malformed(.requestLine)),
        ("GET /a b HTTP/1.1\r\n\r\n", .malformed(.target)),
        ("GET / HTTP/1.1 \r\n\r\n", .malformed(.requestLine)),
        ("GET /\0 HTTP/1.1\r\n\r\n", .malformed(.target)),
        ("GET /\u{1b} HTTP/1.1\r\n\r\n", .malformed(.target)),
        ("GET /\u{7f} HTTP/1.1\r\n\r\n", .malformed(.target)),
        ("GET /\n HTTP/1.1\r\n\r\n", .malformed(.target)),
        (" GET / HTTP/1.1\r\n\r\n", .malformed(.method)),
        ("G(T / HTTP/1.1\r\n\r\n", .malformed(.method)),
        ("\r\n\r\n\r\nGET / HTTP/1.1\r\n\r\n", .malformed(.method)),
        ("\nGET / HTTP/1.1\r\n\r\n", .malformed(.method)),
        ("\rGET / HTTP/1.1\r\n\r\n", .malformed(.lineEnd)),
        (String(repeating: "A", count: 33) + " / HTTP/1.1\r\n\r\n", .malformed(.method)),
        ("GET / http/1.1\r\n\r\n", .malformed(.target)),
        ("GET / HTTP/x.1\r\n\r\n", .malformed(.requestLine)),
        ("GET / HTTP/1,1\r\n\r\n", .malformed(.requestLine)),
        ("GET / HTTP/1.x\r\n\r\n", .malformed(.requestLine)),
        ("GET / HTTP/1.\r\n\r\n", .malformed(.requestLine)),
        ("GET / HTTP/11.1\r\n\r\n", .malformed(.requestLine)),
        ("GET / HTTP/1.10\r\n\r\n", .malformed(.requestLine)),
        ("GET / HTTP/0.9\r\n\r\n", .version),
        ("GET / HTTP/1.2\r\n\r\n", .version),
        ("PRI * HTTP/2.0\r\n\r\n", .version),
        ("GET / HTTP/1.1\nHost: a\r\n\r\n", .malformed(.lineEnd)),
        ("GET / HTTP/1.1\r\rHost: a\r\n\r\n", .malformed(.lineEnd)),
        ("GET / HTTP/1.1\r\nHost: a\n\r\n", .malformed(.lineEnd)),
        ("GET / HTTP/1.1\r\nHost: a\r\n\n", .malformed(.lineEnd)),
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\r", .malformed(.lineEnd)),
        ("GET / HTTP/1.1\r\nHost: a\rb: c\r\n\r\n", .malformed(.lineEnd)),
        ("GET / HTTP/1.1\r\n Host: a\r\n\r\n", .malformed(.foldedField)),
        ("GET / HTTP/1.1\r\nHost: a\r\n\tb\r\n\r\n", .malformed(.foldedField)),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .malformed(.fieldName)),
        ("GET / HTTP/1.1\r\nHost\r\n\r\n", .malformed(.fieldName)),
        ("GET / HTTP/1.1\r\n: a\r\n\r\n", .malformed(.fieldName)),
        ("GET / HTTP/1.1\r\nH\u{e9}: a\r\n\r\n", .malformed(.fieldName)),
        ("GET / HTTP/1.1\r\nX: a\0b\r\n\r\n", .malformed(.fieldValue)),
        ("GET / HTTP/1.1\r\nX: a\u{7f}\r\n\r\n", .malformed(.fieldValue)),
        ("GET / HTTP/1.1\r\nX: \u{8}\r\n\r\n", .malformed(.fieldValue)),
    ]

    @Test("reads what real clients send, and leaves what follows", arguments: goodTexts)
    func good(text: String, target: String) {
        guard case .head(_, let read, _, _, _, let consumed) = ParsedHead(Array((text + "GET next").utf8)) else {
            Issue.record("not read: \(ParsedHead(Array(text.utf8)))")
            return
        }
        #expect(read == Array(target.utf8))
        #expect(consumed == text.utf8.count)
    }

    @Test("keeps bytes that are not UTF-8 as they came")
    func codePage() {
        guard case .head(_, let target, _, _, let known, _) = ParsedHead(Self.codePageHead) else {
            Issue.record("not read")
            return
        }
        #expect(target == Array("/?q=".utf8) + [0xE9, 0xFF, 0x80])
        #expect(known["referer"] == Array("http://x/".utf8) + [0xFC])
    }

    @Test("refuses what could be read in two ways", arguments: badHeads)
    func bad(text: String, fault: HeadFault) {
        #expect(ParsedHead(Array(text.utf8)) == .fault(fault))
    }

    @Test("comes to the same result wherever the bytes are cut")
    func everySplit() {
        for bytes in Self.goodHeads + Self.badHeads.map({ Array($0.text.utf8) }) {
            let whole = ParsedHead(bytes)
            for cut in 0...bytes.count {
                #expect(ParsedHead(bytes, cuts: [cut]) == whole, "cut at \(cut)")
            }
            #expect(ParsedHead(bytes, cuts: Array(1..<bytes.count)) == whole, "byte by byte")
        }
    }

    @Test("keeps a field's value without the white space around it, and joins lists")
    func values() {
        let fields = "Host: \t a b \t\r\nACCEPT-language: fr\r\nX: y\r\nAccept-Language: de\r\nReferer: 1\r\nReferer: 2\r\n"
        let text = "GET / HTTP/1.1\r\n\(fields)\r\n"
        guard case .head(_, _, .http11, 6, let known, _) = ParsedHead(Array(text.utf8)) else {
            Issue.record("not read")
            return
        }
        #expect(known["host"] == Array("a b".utf8))
        #expect(known["accept-language"] == Array("fr, de".utf8))
        #expect(known["referer"] == Array("1".utf8))
    }

    @Test("refuses a target over 8 KiB as soon as it is over")
    func targetLimit() {
        let longest = "GET /" + String(repeating: "a", count: RequestLimits.targetBytes - 1)
        #expect(ParsedHead(Array(longest.utf8)) == .needsMore)
        #expect(ParsedHead(Array((longest + "a").utf8)) == .fault(.targetTooLong))
        guard case .head = ParsedHead(Array((longest + " HTTP/1.1\r\n\r\n").utf8)) else {
            Issue.record("the longest target is refused")
            return
        }
    }

    @Test("refuses a head over 16 KiB as soon as it is over")
    func headLimit() {
        let start = "GET / HTTP/1.1\r\nX: "
        let fitting = start + String(repeating: "a", count: RequestLimits.headBytes - start.utf8.count - 4) + "\r\n\r\n"
        guard case .head = ParsedHead(Array(fitting.utf8)) else {
            Issue.record("a head of exactly 16 KiB is refused")
            return
        }
        let over = Array((start + String(repeating: "a", count: RequestLimits.headBytes - start.utf8.count)).utf8)
        #expect(ParsedHead(over) == .needsMore)
        #expect(ParsedHead(over + [UInt8(ascii: "a")]) == .fault(.headTooLarge))
        #expect(ParsedHead(over + [UInt8(ascii: "a")], cuts: [over.count]) == .fault(.headTooLarge))
    }

    @Test("refuses the 101st field")
    func fieldLimit() {
        let start = "GET / HTTP/1.1\r\n"
        let hundred = start + String(repeating: "X: y\r\n", count: RequestLimits.fields)
        guard case .head(_, _, _, RequestLimits.fields, _, _) = ParsedHead(Array((hundred + "\r\n").utf8)) else {
            Issue.record("a hundred fields are refused")
            return
        }
        #expect(ParsedHead(Array((hundred + "X: y\r\n\r\n").utf8)) == .fault(.headTooLarge))
    }

    @Test("comes to the same result for random bytes, whole and in pieces, and never reads past the end", arguments: 0..<20)
    func random(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let alphabet = Array("GET POST / HTTP/1.1\r\n\r\nHost: a, \t\0\u{7f}\u{e9}Content-Length:5".utf8)
        for _ in 0..<300 {
            var bytes = Self.goodHeads.randomElement(using: &generator) ?? []
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = alphabet.randomElement(using: &generator) ?? 0
                case 1: bytes.insert(UInt8.random(in: .min ... .max, using: &generator), at: place)
                default: bytes.remove(at: place)
                }
            }
            let cuts = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &generator) }.sorted()
            #expect(ParsedHead(bytes, cuts: cuts) == ParsedHead(bytes), "seed \(seed): \(bytes) cut at \(cuts)")
        }
    }
}
