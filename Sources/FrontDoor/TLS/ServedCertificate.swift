package import Attribution
import Crypto
import CryptoExtras
import Foundation
import SwiftASN1
import X509

/// A certificate that a server shows its clients, for those who have to renew it.
package struct ServedCertificate: Sendable {
    package let kind: CertificateKind
    /// Names and IP addresses that it is for, as it says; at most ``mostNames``.
    package let names: [String]
    package let notAfter: Timestamp
    /// Whether nobody but its owner vouches for it.
    package let isSelfSigned: Bool

    /// Certificates with more are those of hosting companies.
    private static let mostNames = 20

    /// - Parameter der: one certificate (RFC 5280).
    /// - Returns: nil for one that can't be read or has a key that is not served.
    package init?(der: [UInt8]) {
        guard let certificate = try? Certificate(derEncoded: der) else { return nil }
        self.init(certificate)
    }

    init?(pem: [UInt8]) {
        // The server's own goes first; others may follow.
        guard let first = try? PEMDocument.parseMultiple(pemString: String(decoding: pem, as: UTF8.self)).first,
            let certificate = try? Certificate(pemDocument: first)
        else { return nil }
        self.init(certificate)
    }

    private init?(_ certificate: Certificate) {
        if P256.Signing.PublicKey(certificate.publicKey) != nil || P384.Signing.PublicKey(certificate.publicKey) != nil {
            kind = .ecdsa
        } else if _RSA.Signing.PublicKey(certificate.publicKey) != nil {
            kind = .rsa
        } else {
            return nil
        }
        let alternatives = try? certificate.extensions.subjectAlternativeNames
        names = Array((alternatives ?? SubjectAlternativeNames()).compactMap(Self.name).prefix(Self.mostNames))
        notAfter = Timestamp(
            microseconds: Int64(certificate.notValidAfter.timeIntervalSince1970) * Timestamp.microsecondsPerSecond)
        isSelfSigned = certificate.issuer == certificate.subject
    }

    private static func name(_ name: GeneralName) -> String? {
        switch name {
        case .dnsName(let name): name
        case .ipAddress(let address): IPAddress(octets: address.bytes).map { "\($0)" }
        default: nil
        }
    }
}

extension IPAddress {
    /// Of four bytes, or sixteen (RFC 5280, section 4.2.1.6).
    fileprivate init?(octets: some Collection<UInt8>) {
        func number(_ bytes: some Collection<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        switch octets.count {
        case 4: self.init(ipv4: UInt32(number(octets)))
        case 16: self.init(high: number(octets.prefix(8)), low: number(octets.suffix(8)))
        default: return nil
        }
    }
}
