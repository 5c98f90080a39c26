import Testing

@testable import Probe

@Suite("HTTP/2, as far as a probe speaks it")
struct HTTP2Tests {
    private func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.filter { !$0.isWhitespace }
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(digits.dropFirst($0).prefix(2), radix: 16) }
    }

    private func frame(_ type: UInt8, flags: UInt8, stream: UInt8 = 1, _ payload: [UInt8]) -> [UInt8] {
        [0, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF), type, flags, 0, 0, 0, stream] + payload
    }

    /// RFC 7541, appendix C.
    private let found = """
        4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 \
        e9ae 82ae 43d3
        """

    @Test("reads the Huffman code", arguments: [("f1e3c2e5f23a6ba0ab90f4ff", "www.example.com"), ("6402", "302"), ("", "")])
    func huffman(hex: String, text: String) {
        #expect(HuffmanCode.decode(bytes(hex)).map { String(decoding: $0, as: UTF8.self) } == text)
    }

    @Test("refuses what is no Huffman code", arguments: ["ff", "ffffffff", "fffffffffc", "f1e3c2e5f23a6ba0ab90f400"])
    func notHuffman(hex: String) {
        #expect(HuffmanCode.decode(bytes(hex)) == nil)
    }

    @Test("reads status and location of a block")
    func block() throws {
        let block = try #require(HeaderBlock(bytes(found)))
        #expect(block.status == 302)
        #expect(block.location == "https://www.example.com")
    }

    @Test(
        "reads a status in each form",
        arguments: [
            ("8d", 404), ("20 8d", 404), ("08 03 333033", 303), ("18 03 333033", 303), ("48 03 333033", 303),
            ("00 07 3a737461747573 03 333033", 303),
        ])
    func forms(hex: String, status: Int) {
        #expect(HeaderBlock(bytes(hex))?.status == status)
    }

    @Test("refuses a block that ends in the middle", arguments: ["48", "4803", "48033330", "ff", "ffffffffffffff", "0007"])
    func brokenBlocks(hex: String) {
        #expect(HeaderBlock(bytes(hex)) == nil)
    }

    @Test("finds the answer behind other frames, in pieces")
    func answer() {
        let block = bytes(found)
        let settings = frame(4, flags: 0, stream: 0, bytes("000300000080"))
        let hints = frame(1, flags: 4, bytes("0803313033"))
        let head = frame(1, flags: 0x08 | 0x20, [2, 0, 0, 0, 0, 16] + Array(block.prefix(10)) + [0, 0])
        let rest = frame(9, flags: 4, Array(block.dropFirst(10)))
        let all = settings + hints + head + rest
        for length in 0..<all.count {
            guard HTTP2Answer.progress(of: Array(all.prefix(length))).isIncomplete else {
                Issue.record("an answer out of \(length) bytes")
                continue
            }
        }
        guard case .complete(let answer) = HTTP2Answer.progress(of: all) else {
            Issue.record("no answer")
            return
        }
        #expect(answer.status == 302)
        #expect(answer.location == "https://www.example.com")
    }

    @Test(
        "takes a refusal for what it is",
        arguments: [
            // The server goes away without an answer to stream 1, once in a frame that is too short; stream 1 is reset.
            (UInt8(7), UInt8(0), "0000 0000 0000 0007"), (7, 0, "0000 0001"), (3, 1, "0000 0007"),
        ])
    func refusals(type: UInt8, stream: UInt8, payload: String) {
        let settings = frame(4, flags: 0, stream: 0, [])
        guard case .refused = HTTP2Answer.progress(of: settings + frame(type, flags: 0, stream: stream, bytes(payload))) else {
            Issue.record("not refused")
            return
        }
    }

    @Test("waits for the answer of a server that goes away after it", arguments: ["0000 0001", "7fff ffff", "8000 0001"])
    func goingAway(last: String) {
        let begin = frame(4, flags: 0, stream: 0, []) + frame(7, flags: 0, stream: 0, bytes(last + "0000 0000"))
        #expect(HTTP2Answer.progress(of: begin).isIncomplete)
        guard case .complete(let answer) = HTTP2Answer.progress(of: begin + frame(1, flags: 4, bytes(found))) else {
            Issue.record("no answer")
            return
        }
        #expect(answer.status == 302)
    }

    @Test("knows at once what is no HTTP/2")
    func otherProtocol() {
        guard case .refused = HTTP2Answer.progress(of: Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)) else {
            Issue.record("not refused")
            return
        }
    }

    @Test("asks with lengths that don't fit seven bits")
    func request() {
        let path = "/" + String(repeating: "a", count: 299)
        let request = ProbeRequest(scheme: "https", authority: "gateway.example.com", path: path, userAgent: "IE")
        let bytes = request.http2
        #expect(String(decoding: bytes.prefix(24), as: UTF8.self) == "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        // 300 is 127 and 173: 0x2D with the bit that more follows, then 1 (RFC 7541, section 5.1).
        let field: [UInt8] = [0, 5] + Array(":path".utf8) + [0x7F, 0xAD, 0x01] + Array(path.utf8)
        #expect(bytes.indices.contains { bytes[$0...].starts(with: field) })
        let test: [UInt8] = [0, 11] + Array("porter-test".utf8) + [1] + Array("1".utf8)
        #expect(bytes.indices.contains { bytes[$0...].starts(with: test) })
    }
}
