import Testing

@testable import FrontDoor

@Suite("The ClientHello parser")
struct ClientHelloParserTests {
    private static let hello = HelloBuilder(
        suites: [0x1301, 0xC02B, 0xC02F], versions: [0x0A0A, 0x0304, 0x0303], groups: [29, 23], signatures: [0x0403, 0x0804],
        serverName: "Gateway.Example"
    )

    private func parse(_ bytes: [UInt8], cuts: [Int] = []) -> ClientHelloParser.Progress {
        var parser = ClientHelloParser(maximumBytes: 16_384, maximumRecords: 8)
        var start = 0
        for end in cuts + [bytes.count] {
            let progress = bytes[start..<end].withUnsafeBytes { parser.read($0) }
            guard progress == .needsMore else { return progress }
            start = end
        }
        return .needsMore
    }

    private static let read = ClientHello(
        legacyVersion: 0x0303, supportedVersions: [0x0A0A, 0x0304, 0x0303], cipherSuites: [0x1301, 0xC02B, 0xC02F],
        supportedGroups: [29, 23], signatureAlgorithms: [0x0403, 0x0804], serverName: "gateway.example"
    )

    @Test("reads what the client offers, wherever the bytes are cut")
    func everySplit() {
        let bytes = Self.hello.records()
        for cut in 0...bytes.count { #expect(parse(bytes + [1, 2, 3], cuts: [cut]) == .complete(Self.read), "cut at \(cut)") }
        #expect(parse(bytes, cuts: Array(1..<bytes.count)) == .complete(Self.read))
        for end in 0..<bytes.count { #expect(parse(Array(bytes[..<end])) == .needsMore) }
    }

    @Test("puts a ClientHello together from up to eight records", arguments: [1, 2, 3, 5, 8, 9])
    func records(count: Int) {
        let message = Self.hello.message
        let bytes = HelloBuilder.records(message, of: (message.count + count - 1) / count)
        let expected: ClientHelloParser.Progress = count <= 8 ? .complete(Self.read) : .tooLarge
        #expect(parse(bytes) == expected)
        #expect(parse(bytes, cuts: Array(1..<bytes.count)) == expected)
    }

    @Test("reads a TLS 1.0 ClientHello without extensions")
    func old() {
        let hello = HelloBuilder(legacyVersion: 0x0301, suites: [0x002F], hasExtensions: false)
        guard case .complete(let read) = parse(hello.records()) else {
            Issue.record("not read")
            return
        }
        #expect(read.highestVersion == .tls10)
        #expect(read.supportedGroups == nil && read.signatureAlgorithms == nil && read.serverName == nil)
    }

    @Test(
        "knows a probe by its session ID",
        arguments: [("porter-probe", true), ("", false), ("porter-prob", false), ("porter-probe-porter-probe", false)])
    func probe(sessionID: String, isProbe: Bool) {
        guard case .complete(let read) = parse(HelloBuilder(sessionID: sessionID, suites: [0x002F]).records()) else {
            Issue.record("not read")
            return
        }
        #expect(read.isProbe == isProbe)
    }

    @Test("tells HTTP on the wrong port from other things that are not TLS")
    func notTLS() {
        #expect(parse(Array("GET / HTTP/1.1\r\n".utf8)) == .notTLS(isHTTP: true))
        #expect(parse([0x80, 0x2E, 0x01]) == .notTLS(isHTTP: false))
        #expect(parse([22, 2]) == .notTLS(isHTTP: false))
        #expect(parse([0]) == .notTLS(isHTTP: false))
    }

    @Test("bounds the ClientHello's size")
    func tooLarge() {
        var hello = Self.hello
        hello.padding = 16_384 - hello.message.count - 4
        #expect(hello.message.count == 16_384)
        #expect(parse(hello.records()) == .complete(Self.read))
        hello.padding += 1
        #expect(parse(hello.records()) == .tooLarge)
    }

    @Test("refuses what is no ClientHello")
    func malformed() {
        #expect(parse([22, 3, 1, 0, 0]) == .malformed)
        #expect(parse([22, 3, 1, 0x40, 1]) == .malformed)
        #expect(parse([22, 3, 1, 0, 1, 2]) == .malformed)
        let message = Self.hello.message
        #expect(parse(HelloBuilder.records(Array(message[..<50]), of: 50) + [23, 3, 1, 0, 1, 0]) == .malformed)
    }

    @Test("survives a ClientHello with any byte changed, and one that ends anywhere")
    func mutations() {
        let message = Self.hello.message
        for index in message.indices {
            for value: UInt8 in [0, 1, 0x7F, 0xFF] {
                var changed = message
                changed[index] = value
                // What comes out does not matter, only that it does; a length that grew just waits.
                _ = parse(HelloBuilder.records(changed, of: 16_384))
            }
        }
        for end in 4..<message.count {
            var short = Array(message[..<end])
            let length = end - 4
            short.replaceSubrange(1..<4, with: [UInt8(length >> 16), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)])
            let progress = parse(HelloBuilder.records(short, of: 16_384))
            #expect(progress != .needsMore && progress != .complete(Self.read), "ended at \(end)")
        }
    }

    @Test("takes only host names as server names", arguments: ["a b", "x\u{e9}", "", "a\n", String(repeating: "a", count: 254)])
    func serverName(name: String) {
        var hello = Self.hello
        hello.serverName = name
        guard case .complete(let read) = parse(hello.records()) else {
            Issue.record("not read")
            return
        }
        #expect(read.serverName == nil)
    }
}
