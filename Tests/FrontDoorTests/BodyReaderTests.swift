import Attribution
import Testing

@testable import FrontDoor

@Suite("The body reader")
struct BodyReaderTests {
    /// What the bytes make of a body, given in pieces that end at `cuts`; how many were consumed.
    private func read(_ text: String, as framing: MessageFraming.Body, cuts: [Int] = []) throws -> (BodyReader.Progress, Int) {
        var reader = try #require(BodyReader(framing))
        let bytes = Array(text.utf8)
        var start = 0
        for end in cuts + [bytes.count] {
            let (consumed, progress) = bytes[start..<end].withUnsafeBytes { reader.read($0) }
            start += consumed
            guard progress == .needsMore else { return (progress, start) }
        }
        return (.needsMore, start)
    }

    static let chunkedBodies: [(text: String, body: String)] = [
        ("0\r\n\r\n", ""),
        ("5\r\nhello\r\n0\r\n\r\n", "hello"),
        ("00000005\r\nhello\r\n000\r\n\r\n", "hello"),
        ("5;name=value;x=\"y\"\r\nhello\r\nA\r\n0123456789\r\n0;z\r\n\r\n", "hello0123456789"),
        ("1\r\na\r\n1\r\nb\r\n0\r\nTrailer: x\r\nOther:\r\n\r\n", "ab"),
    ]

    static let badChunks = [
        "\r\n", "x\r\n", "-1\r\n", "5 \r\nhello\r\n", " 5\r\nhello\r\n", "5\nhello\r\n", "5\r\nhello0\r\n", "5\r\nhello\n",
        "5\r\r",
        "000000000\r\n", "5;\0\r\n", "0\r\n\n", "0\r\n: x\r\n\r\n", "0\r\nA: \0\r\n\r\n", "0x5\r\nhello\r\n",
    ]

    @Test("reads as many bytes as were announced", arguments: [1, 5, 8_192])
    func length(count: Int) throws {
        let text = String(repeating: "x", count: count)
        let (progress, consumed) = try read(text + "GET /", as: .length(count))
        #expect(progress == .complete(Array(text.utf8)))
        #expect(consumed == count)
        #expect(try read(String(text.dropLast()), as: .length(count)).0 == .needsMore)
    }

    @Test("puts chunks together, wherever the bytes are cut", arguments: chunkedBodies)
    func chunks(text: String, body: String) throws {
        for cut in 0...text.utf8.count {
            let (progress, consumed) = try read(text + "GET /", as: .chunked, cuts: [cut])
            #expect(progress == .complete(Array(body.utf8)), "cut at \(cut)")
            #expect(consumed == text.utf8.count)
        }
        #expect(try read(text, as: .chunked, cuts: Array(1..<text.utf8.count)).0 == .complete(Array(body.utf8)))
    }

    @Test("refuses chunks that could be read in two ways", arguments: badChunks)
    func malformed(text: String) throws {
        #expect(try read(text, as: .chunked).0 == .fault(.malformed(.chunk)))
    }

    @Test("takes at most 8 KiB, in one chunk or many")
    func limit() throws {
        #expect(BodyReader(.length(RequestLimits.bodyBytes + 1)) == nil)
        #expect(try read("2001\r\n", as: .chunked).0 == .fault(.bodyTooLarge))
        #expect(try read("FFFFFFFF\r\n", as: .chunked).0 == .fault(.bodyTooLarge))
        let half = "1000\r\n" + String(repeating: "x", count: 4_096) + "\r\n"
        #expect(
            try read(half + half + "0\r\n\r\n", as: .chunked).0 == .complete(Array(repeating: UInt8(ascii: "x"), count: 8_192)))
        #expect(try read(half + half + "1\r\n", as: .chunked).0 == .fault(.bodyTooLarge))
    }

    @Test("bounds what it throws away")
    func ignored() throws {
        let long = String(repeating: "x", count: 4_097)
        #expect(try read("1;\(long)\r\n", as: .chunked).0 == .fault(.headTooLarge))
        #expect(try read("0\r\nA: \(long)\r\n\r\n", as: .chunked).0 == .fault(.headTooLarge))
    }
}
