import Attribution
import NIOCore
import NIOSSL

/// Why a connection to the TLS port never became one: a closed set, since it is counted.
package enum HandshakeFailure: String, CaseIterable, Sendable {
    // Before TLS
    case helloTimeout = "hello-timeout"
    case endOfInput = "end-of-input"
    case reset
    case notTLS = "not-tls"
    case malformedHello = "malformed-hello"
    case helloTooLarge = "hello-too-large"
    // During the handshake
    case handshakeTimeout = "handshake-timeout"
    case noSharedCipher = "no-shared-cipher"
    case noSharedGroup = "no-shared-group"
    case noSharedSignature = "no-shared-signature"
    case unsupportedVersion = "unsupported-version"
    /// The client did not trust the certificate.
    case certificateRefused = "certificate-refused"
    /// The client gave up for another reason.
    case clientAlert = "client-alert"
    case other

    /// BoringSSL's reasons, as its error descriptions write them, in the order in which they are looked for.
    private static let reasons: [(text: String, failure: HandshakeFailure)] = [
        ("NO_SHARED_CIPHER", .noSharedCipher),
        ("NO_CIPHERS_SPECIFIED", .noSharedCipher),
        ("NO_SHARED_GROUP", .noSharedGroup),
        ("NO_COMMON_SIGNATURE_ALGORITHMS", .noSharedSignature),
        ("UNSUPPORTED_PROTOCOL", .unsupportedVersion),
        ("WRONG_VERSION_NUMBER", .unsupportedVersion),
        ("INAPPROPRIATE_FALLBACK", .unsupportedVersion),
        ("ALERT_UNKNOWN_CA", .certificateRefused),
        ("ALERT_BAD_CERTIFICATE", .certificateRefused),
        ("ALERT_UNSUPPORTED_CERTIFICATE", .certificateRefused),
        ("ALERT_CERTIFICATE", .certificateRefused),
        ("_ALERT_", .clientAlert),
        ("EOF during handshake", .endOfInput),
    ]

    init(_ error: any Error) {
        if error is IOError {
            self = .reset
            return
        }
        guard case .handshakeFailed(let cause)? = error as? NIOSSLError else {
            self = .other
            return
        }
        let description = String(describing: cause)
        self = Self.reasons.first { description.contains($0.text) }?.failure ?? .other
    }

    func failure(of hello: ClientHello?) -> FailedHandshake {
        FailedHandshake(reason: rawValue, serverName: hello?.serverName, offeredVersion: hello?.highestVersion?.text)
    }
}
