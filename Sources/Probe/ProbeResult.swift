/// What one release saw.
package struct ProbeResult: Sendable {
    /// What was agreed on in the handshake.
    package struct Agreement: Hashable, Sendable {
        /// `TLSv1.2`
        package let version: String
        /// OpenSSL's name of the suite.
        package let suite: String
        package let certificate: CertificateKind
        /// Why the certificate could not be verified against this machine's authorities and the host's name; nil when it
        /// could. A customer's browser would warn, so it is told, but it does not keep a release from connecting.
        package let certificateProblem: String?
    }

    package enum CertificateKind: String, Sendable {
        case ecdsa = "ECDSA"
        case rsa = "RSA"
        case other
    }

    package let release: WindowsRelease
    /// nil when no TLS connection came about.
    package let agreement: Agreement?
    /// The HTTP status; nil when no answer came.
    package let status: Int?
    /// The answer's Location, when there is one.
    package let location: String?
    /// Why the release can't sign up, in plain words; nil when it can.
    package let reason: String?

    /// Whether the release was answered with a redirect that its browser follows.
    package var canSignUp: Bool { reason == nil }
}
