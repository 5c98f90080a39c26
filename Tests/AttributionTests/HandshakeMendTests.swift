import Attribution
import Testing

@Suite("What would help clients whose handshakes fail")
struct HandshakeMendTests {
    @Test(
        "follows from the reason, the version and who the client seems to be",
        arguments: [
            ("unsupported-version", "1.0", nil, .olderTLS), ("unsupported-version", "1.1", nil, .olderTLS),
            ("unsupported-version", "1.2", .server2016, .lowerFloor), ("unsupported-version", "1.3", nil, nil),
            ("unsupported-version", nil, nil, nil), ("no-shared-cipher", "1.2", nil, .rsaCertificate),
            ("no-shared-group", "1.2", nil, .rsaCertificate), ("no-shared-signature", "1.3", nil, .rsaCertificate),
            ("certificate-refused", "1.2", nil, .trustedCertificate), ("client-alert", "1.2", nil, nil),
            ("client-alert", "1.2", .server2012, .rsaCertificate), ("end-of-input", "1.2", .server2012, nil),
            ("not-tls", nil, nil, nil), ("of another version", "1.0", nil, nil),
        ] as [(String, String?, WindowsGeneration?, HandshakeMend?)])
    func mend(reason: String, version: String?, windows: WindowsGeneration?, mend: HandshakeMend?) {
        let failure = FailedHandshake(reason: reason, serverName: "h", offeredVersion: version, windows: windows)
        #expect(HandshakeMend(failure) == mend)
    }

    @Test("is known of every disagreement with a client of the time")
    func disagreements() {
        for reason in HandshakeFailure.allCases where reason.isDisagreement {
            let failure = FailedHandshake(reason: reason.rawValue, serverName: nil, offeredVersion: "1.0")
            #expect(HandshakeMend(failure) != nil, "\(reason)")
        }
    }
}
