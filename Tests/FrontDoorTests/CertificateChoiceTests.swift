import Testing

@testable import FrontDoor

@Suite("The choice of the certificate")
struct CertificateChoiceTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let hello: ClientHello
        let kind: CertificateKind
        let isModern: Bool

        var testDescription: String { name }

        init(
            _ name: String, version: UInt16 = 0x0303, versions: [UInt16]? = nil, suites: [UInt16], groups: [UInt16]? = [23, 24],
            signatures: [UInt16]? = [0x0401, 0x0403], _ kind: CertificateKind, isModern: Bool
        ) {
            self.name = name
            hello = ClientHello(
                legacyVersion: version, supportedVersions: versions, cipherSuites: suites, supportedGroups: groups,
                signatureAlgorithms: signatures, serverName: nil
            )
            self.kind = kind
            self.isModern = isModern
        }
    }

    /// The suites of DOMAIN's lists by their numbers, without those that Porter has not got.
    static let server2012: [UInt16] = [0xC014, 0xC013, 0x009D, 0x009C, 0x0035, 0x002F, 0xC02C, 0xC02B, 0xC00A, 0xC009]
    static let server2016: [UInt16] = [0xC02C, 0xC02B, 0xC030, 0xC02F, 0xC00A, 0xC009, 0xC014, 0xC013, 0x009D, 0x0035]
    static let server2012Unpatched: [UInt16] = [0xC014, 0xC013, 0x0035, 0x002F, 0xC00A, 0xC009]

    static let cases = [
        Case(
            "a browser of today", versions: [0x0304, 0x0303], suites: [0x1301, 0xC02B], signatures: [0x0403], .ecdsa,
            isModern: true
        ),
        Case("TLS 1.3 with RSA only", versions: [0x0304], suites: [0x1301], signatures: [0x0804], .rsa, isModern: true),
        Case(
            "TLS 1.3 with RSA only, ECDSA at 1.2", versions: [0x0304, 0x0303], suites: [0x1301, 0xC02B], signatures: [0x0804],
            .rsa, isModern: true
        ),
        Case(
            "TLS 1.3 without its suites", versions: [0x0304, 0x0303], suites: [0xC02F], signatures: [0x0804], .rsa,
            isModern: false
        ),
        Case("Server 2012", suites: server2012, .ecdsa, isModern: true),
        Case(
            "Server 2012 that cannot verify ECDSA", suites: server2012.filter { $0 < 0xC009 || $0 == 0xC014 }, .rsa,
            isModern: false
        ),
        Case("Server 2012 without 0x0403", suites: server2012, signatures: [0x0401], .rsa, isModern: false),
        Case("Server 2016", suites: server2016, .ecdsa, isModern: true),
        Case("Server 2016 without P-256", suites: server2016, groups: [24], .rsa, isModern: true),
        Case("Server 2012 unpatched", version: 0x0301, suites: server2012Unpatched, signatures: nil, .ecdsa, isModern: false),
        Case(
            "no extensions", version: 0x0301, suites: server2012Unpatched, groups: nil, signatures: nil, .ecdsa, isModern: false
        ),
        Case(
            "TLS 1.1 with AEAD suites that it cannot use", version: 0x0302, suites: [0xC02B, 0xC009], .ecdsa, isModern: false
        ),
        Case("RSA key exchange alone", suites: [0x009C, 0x002F], .rsa, isModern: false),
        Case("ECDSA CBC alone", suites: [0xC009], .ecdsa, isModern: false),
        Case("nothing that we have", suites: [0x000A], .rsa, isModern: false),
    ]

    @Test("follows what the client offers", arguments: cases)
    func both(offer: Case) {
        let choice = CertificateChoice(for: offer.hello, among: [.ecdsa, .rsa], preferred: .ecdsa, curve: .p256)
        #expect(choice.kind == offer.kind)
        #expect(choice.isModern == offer.isModern)
    }

    @Test("is RSA for all who can use it when that is preferred")
    func preferRSA() {
        for offer in Self.cases where offer.hello.cipherSuites.contains(where: { ![0xC02B, 0xC009].contains($0) }) {
            let choice = CertificateChoice(for: offer.hello, among: [.ecdsa, .rsa], preferred: .rsa, curve: .p256)
            #expect(choice.kind == .rsa, "\(offer.name)")
        }
        let only = CertificateChoice(
            for: Case("", suites: [0xC009], .ecdsa, isModern: false).hello, among: [.ecdsa, .rsa], preferred: .rsa, curve: .p256
        )
        #expect(only.kind == .ecdsa)
    }

    @Test("is the one there is when there is only one", arguments: CertificateKind.allCases)
    func only(kind: CertificateKind) {
        for offer in Self.cases {
            #expect(CertificateChoice(for: offer.hello, among: [kind], preferred: .ecdsa, curve: .p256).kind == kind)
        }
    }

    @Test("asks for P-384 when the certificate has it")
    func p384() {
        let hello = Case("", suites: Self.server2016, groups: [23], .rsa, isModern: true).hello
        #expect(CertificateChoice(for: hello, among: [.ecdsa, .rsa], preferred: .ecdsa, curve: .p384).kind == .rsa)
    }
}
