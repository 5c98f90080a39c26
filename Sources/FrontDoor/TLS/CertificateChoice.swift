/// The kinds of certificate that Porter can hold, one of each.
package enum CertificateKind: String, CaseIterable, Sendable {
    case ecdsa
    case rsa

    var other: CertificateKind { self == .ecdsa ? .rsa : .ecdsa }
}

/// The elliptic curve of an ECDSA certificate, with what a client must offer to verify it.
enum CertificateCurve: Sendable {
    case p256
    case p384

    /// IANA TLS SignatureScheme; RFC 8446, section 4.2.3.
    var signatureAlgorithm: UInt16 { self == .p256 ? 0x0403 : 0x0503 }
    /// IANA TLS Supported Groups.
    var group: UInt16 { self == .p256 ? 23 : 24 }
}

/// Which certificate and which set of cipher suites a client gets.
///
/// NIOSSL lets the client's order of suites win, and Windows Server 2012 prefers CBC to AEAD: so clients that can do AEAD with
/// forward secrecy get a context that has nothing else, and only those that can't get the one with older suites.
struct CertificateChoice: Equatable {
    let kind: CertificateKind
    let isModern: Bool

    /// - Parameters:
    ///   - kinds: the certificates that there are.
    ///   - preferred: the one for clients that can use both.
    ///   - curve: of the ECDSA certificate.
    init(for hello: ClientHello, among kinds: Set<CertificateKind>, preferred: CertificateKind, curve: CertificateCurve) {
        // When a client can use neither, RSA is what old ones are likeliest to mean.
        if kinds.contains(preferred), hello.canUse(preferred, curve: curve) {
            kind = preferred
        } else if kinds.contains(preferred.other), hello.canUse(preferred.other, curve: curve) {
            kind = preferred.other
        } else {
            kind = kinds.contains(.rsa) || kinds.isEmpty ? .rsa : .ecdsa
        }
        isModern = hello.canDoModernSuites(with: kind)
    }
}

extension ClientHello {
    /// IANA TLS Cipher Suites. A few comparisons are less than a look-up in a set.
    private enum Suites {
        static func areTLS13(_ suite: UInt16) -> Bool { (0x1301...0x1303).contains(suite) }
        static func areECDSAWithAEAD(_ suite: UInt16) -> Bool { suite == 0xC02B || suite == 0xC02C || suite == 0xCCA9 }
        static func areECDSAWithCBC(_ suite: UInt16) -> Bool { suite == 0xC009 || suite == 0xC00A }
        static func areRSAWithAEAD(_ suite: UInt16) -> Bool { suite == 0xC02F || suite == 0xC030 || suite == 0xCCA8 }
        static func areOlderRSA(_ suite: UInt16) -> Bool {
            switch suite {
            case 0xC013, 0xC014, 0x009C, 0x009D, 0x002F, 0x0035: true
            default: false
            }
        }
    }

    private var offersTLS13: Bool { highestVersion == .tls13 && cipherSuites.contains(where: Suites.areTLS13) }

    fileprivate func canUse(_ kind: CertificateKind, curve: CertificateCurve) -> Bool {
        switch kind {
        case .ecdsa: canUseECDSA(curve)
        case .rsa: offersTLS13 || cipherSuites.contains { Suites.areRSAWithAEAD($0) || Suites.areOlderRSA($0) }
        }
    }

    private func canUseECDSA(_ curve: CertificateCurve) -> Bool {
        // TLS 1.3 requires signature_algorithms of a client that wants a certificate.
        if offersTLS13 { return signatureAlgorithms?.contains(curve.signatureAlgorithm) ?? false }
        return cipherSuites.contains { Suites.areECDSAWithAEAD($0) || Suites.areECDSAWithCBC($0) }
            && supportedGroups?.contains(curve.group) ?? true
            && signatureAlgorithms?.contains(curve.signatureAlgorithm) ?? true
    }

    fileprivate func canDoModernSuites(with kind: CertificateKind) -> Bool {
        if offersTLS13 { return true }
        guard highestVersion == .tls12 else { return false }
        return cipherSuites.contains(where: kind == .ecdsa ? Suites.areECDSAWithAEAD : Suites.areRSAWithAEAD)
    }
}
