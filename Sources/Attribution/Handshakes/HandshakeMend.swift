/// What would let clients in whose handshakes failed.
package enum HandshakeMend: String, CaseIterable, Sendable {
    /// They speak TLS 1.1 at most: `--minimum-tls 1.0` lets them in; on Windows Server 2012, KB3140245 has them speak TLS 1.2
    /// (support.microsoft.com/kb/3140245).
    case olderTLS = "older-tls"
    /// They speak TLS 1.2 at most, and Porter was told to speak 1.3 only.
    case lowerFloor = "lower-floor"
    /// They can't use the certificate that there is, or not with a suite of theirs: one of the other kind beside it. A failed
    /// handshake does not say which kind there was; most often it is the RSA one that is missing, of which the word is.
    case rsaCertificate = "rsa-certificate"
    /// They do not trust the certificate.
    case trustedCertificate = "trusted-certificate"

    /// - Returns: nil when nothing of ours is known to help.
    package init?(_ failure: FailedHandshake) {
        switch HandshakeFailure(rawValue: failure.reason) {
        case .unsupportedVersion:
            switch failure.offeredVersion {
            case "1.0", "1.1": self = .olderTLS
            case "1.2": self = .lowerFloor
            default: return nil
            }
        case .noSharedCipher, .noSharedGroup, .noSharedSignature: self = .rsaCertificate
        case .certificateRefused: self = .trustedCertificate
        // Some setups of the 2012 generation offer ECDSA, and give up on it.
        case .clientAlert where failure.windows != nil: self = .rsaCertificate
        default: return nil
        }
    }
}
