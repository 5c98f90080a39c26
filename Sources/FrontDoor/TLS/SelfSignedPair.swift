import Crypto
import CryptoExtras
import SwiftASN1
import X509

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Certificates for a server that was given none: enough to try Porter out, trusted by nobody.
package enum SelfSignedPair {
    private static let validDays = 397.0
    /// Clocks of freshly installed machines are off by hours.
    private static let backdatedHours = 24.0
    private static let secondsPerDay = 86_400.0
    private static let alwaysNamed = ["localhost", "127.0.0.1", "::1"]
    private static let secretMode: UInt32 = 0o600
    private static let publicMode: UInt32 = 0o644

    /// An ECDSA (P-256) and an RSA (2048 bit) certificate with their keys, as PEM files in a folder: those that are there, else
    /// new ones. Keys are readable by their owner alone.
    ///
    /// - Parameters:
    ///   - folder: must exist.
    ///   - hosts: names and IP addresses that the certificates are for, besides this machine's.
    /// - Throws: ``TLSError`` when the files cannot be written.
    /// - Returns: the pairs, and whether they were made just now.
    package static func make(
        in folder: String, hosts: [String] = []
    ) throws(TLSError) -> (pairs: [TLSSettings.Pair], areNew: Bool) {
        let pairs = CertificateKind.allCases.map { kind in
            let path = "\(folder)/self-signed-\(kind.rawValue)"
            return TLSSettings.Pair(certificatePath: path + ".crt", keyPath: path + ".key")
        }
        var areNew = false
        for (kind, pair) in zip(CertificateKind.allCases, pairs) {
            if Files.exists(pair.certificatePath), Files.exists(pair.keyPath) { continue }
            areNew = true
            do {
                let key = try privateKey(kind)
                let certificate = try certificate(key, hosts: alwaysNamed + hosts)
                try Files.write(try key.serializeAsPEM().pemString + "\n", to: pair.keyPath, mode: secretMode)
                try Files.write(try certificate.serializeAsPEM().pemString + "\n", to: pair.certificatePath, mode: publicMode)
            } catch {
                throw TLSError(description: "cannot make a self-signed certificate in \(folder): \(error)")
            }
        }
        return (pairs, areNew)
    }

    private static func privateKey(_ kind: CertificateKind) throws -> Certificate.PrivateKey {
        switch kind {
        case .ecdsa: Certificate.PrivateKey(P256.Signing.PrivateKey())
        case .rsa: Certificate.PrivateKey(try _RSA.Signing.PrivateKey(keySize: .bits2048))
        }
    }

    private static func certificate(_ key: Certificate.PrivateKey, hosts: [String]) throws -> Certificate {
        let name = try DistinguishedName { CommonName("Porter self-signed") }
        let names = hosts.map { host in
            IPAddress(host.utf8).map { GeneralName.ipAddress(ASN1OctetString(contentBytes: $0.shortestBytes[...])) }
                ?? .dnsName(host)
        }
        let now = Date.now
        return try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: key.publicKey,
            notValidBefore: now - backdatedHours * 3_600,
            notValidAfter: now + validDays * secondsPerDay,
            issuer: name,
            subject: name,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(digitalSignature: true, keyEncipherment: true, keyCertSign: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames(names)
            },
            issuerPrivateKey: key
        )
    }
}

extension IPAddress {
    /// Four bytes for IPv4, else sixteen.
    fileprivate var shortestBytes: [UInt8] { isIPv4 ? Array(bytes[12...]) : bytes }
}
