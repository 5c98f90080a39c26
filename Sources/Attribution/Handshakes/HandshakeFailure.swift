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

    /// Whether the two sides could not agree: such a client wanted to come in, whatever it was. Of the other connections most are
    /// made by programs that look around.
    package var isDisagreement: Bool {
        switch self {
        case .noSharedCipher, .noSharedGroup, .noSharedSignature, .unsupportedVersion, .certificateRefused: true
        default: false
        }
    }
}
