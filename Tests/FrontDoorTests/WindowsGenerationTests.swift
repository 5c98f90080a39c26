import Attribution
import Testing

@testable import FrontDoor

@Suite("The Windows release that a client seems to be")
struct WindowsGenerationTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let hello: ClientHello
        let generation: WindowsGeneration?

        init(
            _ name: String, version: UInt16 = 0x0303, versions: [UInt16]? = nil, suites: [UInt16], groups: [UInt16]? = [23, 24],
            _ generation: WindowsGeneration?
        ) {
            testDescription = name
            hello = ClientHello(
                legacyVersion: version, supportedVersions: versions, cipherSuites: suites, supportedGroups: groups,
                signatureAlgorithms: nil, serverName: nil)
            self.generation = generation
        }
    }

    // The lists of DOMAIN, in their order, by IANA's numbers.
    private static let head2012: [UInt16] = [0xC028, 0xC027, 0xC014, 0xC013, 0x009F, 0x009E]
    private static let tail2012: [UInt16] = [
        0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F, 0xC02C, 0xC02B, 0xC024, 0xC023, 0xC00A, 0xC009, 0x006A, 0x0040, 0x0038,
        0x0032, 0x000A, 0x0013,
    ]
    private static let server2012 = head2012 + tail2012
    private static let server2012R2: [UInt16] = head2012 + [0x0039, 0x0033] + tail2012
    private static let server2016: [UInt16] = [
        0xC02C, 0xC02B, 0xC030, 0xC02F, 0x009F, 0x009E, 0xC024, 0xC023, 0xC028, 0xC027, 0xC00A, 0xC009, 0xC014, 0xC013, 0x0039,
        0x0033, 0x009D, 0x009C, 0x003D, 0x003C, 0x0035, 0x002F, 0x000A, 0x006A, 0x0040, 0x0038, 0x0032, 0x0013,
    ]
    private static let unpatched: [UInt16] = [
        0xC014, 0xC013, 0x0035, 0x002F, 0xC00A, 0xC009, 0x0038, 0x0032, 0x000A, 0x0013,
    ]
    /// Firefox 38, of 2015: its suites are all among those of 2016.
    private static let firefox: [UInt16] = [
        0xC02B, 0xC02F, 0xC00A, 0xC009, 0xC013, 0xC014, 0x0033, 0x0039, 0x002F, 0x0035, 0x000A,
    ]

    static let cases = [
        Case("2012", suites: server2012, .server2012),
        Case("2012, another order", suites: server2012.reversed(), .server2012),
        Case("2012 R2", suites: server2012R2, .server2012R2),
        Case("2012 R2 without 3DES", suites: server2012R2.filter { $0 != 0x000A && $0 != 0x0013 }, .server2012R2),
        Case("2016", suites: server2016, .server2016),
        Case("2016, as OpenSSL imitates it", suites: server2016.filter { $0 != 0x000A && $0 != 0x0013 } + [0x00FF], .server2016),
        Case("2012 without KB3140245", version: 0x0301, suites: unpatched, .server2012TLS10),
        Case("2012 without KB3140245, with RC4", version: 0x0301, suites: unpatched + [0x0005, 0x0004], .server2012TLS10),
        Case("TLS 1.0 with a suite of 1.2", version: 0x0301, suites: unpatched + [0xC028], nil),
        Case("TLS 1.1", version: 0x0302, suites: unpatched, nil),
        Case("TLS 1.2 with suites of 1.0 alone", suites: unpatched, nil),
        Case("SSL 3", version: 0x0300, suites: unpatched, nil),
        Case("a browser of the same time", suites: firefox, groups: [23, 24, 25], nil),
        Case("a browser of today", versions: [0x0304, 0x0303], suites: [0x1301] + server2016, groups: [29, 23, 24], nil),
        Case("TLS 1.3 with nothing but old suites", versions: [0x0304, 0x0303], suites: server2016, nil),
        Case("a suite that no release has", suites: server2016 + [0xCCA8], nil),
        Case("no groups", suites: server2012, groups: nil, nil),
        Case("an empty list of groups", suites: server2012, groups: [], nil),
        Case("too few suites", suites: [0xC02F, 0xC030, 0x002F, 0x00FF], nil),
        Case("none", suites: [], nil),
    ]

    @Test("is guessed from what it offers", arguments: cases)
    func guess(offer: Case) {
        #expect(offer.hello.windowsGeneration == offer.generation)
    }
}
