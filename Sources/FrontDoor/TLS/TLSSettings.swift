/// How the front door speaks TLS.
package struct TLSSettings: Sendable {
    /// A certificate chain and its key, both PEM files.
    package struct Pair: Hashable, Sendable {
        package let certificatePath: String
        package let keyPath: String

        package init(certificatePath: String, keyPath: String) {
            self.certificatePath = certificatePath
            self.keyPath = keyPath
        }
    }

    /// The oldest version that is spoken: `--minimum-tls`.
    package enum MinimumVersion: String, CaseIterable, Sendable {
        case tls10 = "1.0"
        case tls12 = "1.2"
        case tls13 = "1.3"
    }

    /// One, or one of each ``CertificateKind``.
    package var pairs: [Pair]
    /// For clients that can use both: `--prefer-certificate`.
    package var preferred: CertificateKind
    package var minimumVersion: MinimumVersion

    package init(pairs: [Pair], preferred: CertificateKind = .ecdsa, minimumVersion: MinimumVersion = .tls12) {
        self.pairs = pairs
        self.preferred = preferred
        self.minimumVersion = minimumVersion
    }
}

/// Why certificates cannot be used: what, where, and what to do.
package struct TLSError: Error, CustomStringConvertible {
    package let description: String
}
