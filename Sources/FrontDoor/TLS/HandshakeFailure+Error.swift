import Attribution
import NIOCore
import NIOSSL

extension HandshakeFailure {
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
        FailedHandshake(
            reason: rawValue, serverName: hello?.serverName, offeredVersion: hello?.highestVersion?.text,
            windows: hello?.windowsGeneration)
    }
}
