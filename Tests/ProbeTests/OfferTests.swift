import Foundation
import Probe
import Testing

/// The numbers are those of the recorded ClientHellos that ``WindowsRelease`` names.
@Suite("What a release offers")
struct OfferTests {
    private static let tripleDES: Set<UInt16> = [0x000A, 0x0013]
    /// A sign that OpenSSL sends in place of the extension for renegotiation (RFC 5746, section 3.3).
    private static let renegotiationSign: UInt16 = 0x00FF

    private static let head2012: [UInt16] = [0xC028, 0xC027, 0xC014, 0xC013, 0x009F, 0x009E]
    private static let tail2012: [UInt16] = [
        0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F, 0xC02C, 0xC02B, 0xC024, 0xC023, 0xC00A, 0xC009, 0x006A, 0x0040, 0x0038,
        0x0032, 0x000A, 0x0013,
    ]

    struct Hello: CustomTestStringConvertible, Sendable {
        let release: WindowsRelease
        let suites: [UInt16]
        let signatureAlgorithms: [UInt16]?
        let applicationProtocols: [String]?

        var testDescription: String { release.id }
    }

    static let hellos = [
        Hello(
            release: .server2012, suites: head2012 + tail2012,
            signatureAlgorithms: [0x0601, 0x0603, 0x0401, 0x0501, 0x0201, 0x0403, 0x0503, 0x0203, 0x0202],
            applicationProtocols: nil),
        Hello(
            release: .server2012R2, suites: head2012 + [0x0039, 0x0033] + tail2012,
            signatureAlgorithms: [0x0401, 0x0501, 0x0601, 0x0201, 0x0403, 0x0503, 0x0603, 0x0203, 0x0202],
            applicationProtocols: ["spdy/3", "http/1.1"]),
        Hello(
            release: .server2016,
            suites: [
                0xC02C, 0xC02B, 0xC030, 0xC02F, 0x009F, 0x009E, 0xC024, 0xC023, 0xC028, 0xC027, 0xC00A, 0xC009, 0xC014, 0xC013,
                0x0039, 0x0033, 0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F, 0x000A, 0x006A, 0x0040, 0x0038, 0x0032, 0x0013,
            ],
            signatureAlgorithms: [0x0401, 0x0501, 0x0201, 0x0403, 0x0503, 0x0203, 0x0202, 0x0601, 0x0603],
            applicationProtocols: ["h2", "http/1.1"]),
        Hello(
            release: .server2012Unpatched,
            suites: [0xC014, 0xC013, 0x0035, 0x002F, 0xC00A, 0xC009, 0x0038, 0x0032, 0x000A, 0x0013], signatureAlgorithms: nil,
            applicationProtocols: nil),
    ]

    private func hello(of release: WindowsRelease, to host: String) throws -> SentHello {
        let listener = try LoopbackListener()
        defer { listener.close() }
        let recording = listener.answerOnce(with: "")
        _ = Probe(target: ProbeTarget(host: host, port: listener.port)).run(as: release)
        return try #require(SentHello(recording.bytes))
    }

    @Test("is what the release's own ClientHello has, but for what is told not to be sent", arguments: hellos)
    func offers(expected: Hello) throws {
        let sent = try hello(of: expected.release, to: "127.0.0.1")
        let left = expected.release.notSent.isEmpty ? [] : Self.tripleDES
        #expect(sent.suites.filter { $0 != Self.renegotiationSign } == expected.suites.filter { !left.contains($0) })
        #expect(sent.signatureAlgorithms == expected.signatureAlgorithms)
        #expect(sent.groups == [23, 24])
        #expect(sent.applicationProtocols == expected.applicationProtocols)
        // Encrypt-then-MAC, which Schannel does not have, and session tickets.
        #expect(!sent.has(22))
        #expect(sent.has(35) == expected.release.hasSessionTickets)
        #expect(sent.serverName == nil, "an address has no place in SNI")
        #expect(String(decoding: sent.sessionID, as: UTF8.self) == "porter-probe", "the sign by which Porter knows a probe")
    }

    @Test("names the host")
    func serverName() throws {
        #expect(try hello(of: .server2016, to: "localhost").serverName == "localhost")
    }

    @Test("tells what this machine's OpenSSL was built without", arguments: WindowsRelease.all)
    func notSent(release: WindowsRelease) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = ["ciphers", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let built = Set(text.split { $0 == ":" || $0.isNewline }.map(String.init))
        #expect(built.contains("AES128-SHA"))
        // OpenSSL lists the suite under its newer name.
        let missing = release.cipherList.split(separator: ":").map(String.init).filter {
            !built.contains($0.replacing("EDH-", with: "DHE-"))
        }
        #expect(release.notSent == missing)
    }
}
