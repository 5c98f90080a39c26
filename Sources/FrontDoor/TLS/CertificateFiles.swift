import NIOSSL

/// One certificate chain with its key, read from files and found to fit.
struct CertificateFiles {
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey
    let kind: CertificateKind
    /// Of an ECDSA certificate.
    let curve: CertificateCurve?

    /// A chain with some long certificates has 20 KiB.
    private static let maximumFileBytes = 1 << 20

    /// What the files hold now, to see whether they have changed.
    static func bytes(of pair: TLSSettings.Pair) throws(TLSError) -> [[UInt8]] {
        do {
            return [
                try Files.read(pair.certificatePath, limit: maximumFileBytes),
                try Files.read(pair.keyPath, limit: maximumFileBytes),
            ]
        } catch {
            throw TLSError(description: error.description)
        }
    }

    init(_ pair: TLSSettings.Pair, bytes: [[UInt8]]) throws(TLSError) {
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(bytes[0]), let leaf = chain.first else {
            throw TLSError(
                description: "\(pair.certificatePath) holds no certificate in PEM: give the chain, the server's own first"
            )
        }
        guard let key = try? NIOSSLPrivateKey(bytes: bytes[1], format: .pem) else {
            throw TLSError(
                description: "\(pair.keyPath) holds no private key in PEM: give an RSA or P-256 key without a passphrase"
            )
        }
        guard let info = try? leaf.extractPublicKey().toSPKIBytes(), let algorithm = Algorithm(subjectPublicKeyInfo: info) else {
            throw TLSError(
                description: "the certificate in \(pair.certificatePath) is for neither RSA nor P-256 nor P-384: get one that is"
            )
        }
        self.chain = chain
        self.key = key
        kind = algorithm.kind
        curve = algorithm.curve
    }

    private struct Algorithm {
        let kind: CertificateKind
        let curve: CertificateCurve?

        /// Object identifiers with their DER tag and length: RFC 8017 appendix C, RFC 5480 section 2.1.1.
        private static let rsaEncryption: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]
        private static let ecPublicKey: [UInt8] = [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
        private static let secp256r1: [UInt8] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        private static let secp384r1: [UInt8] = [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]

        /// A SubjectPublicKeyInfo begins with two nested sequences, the inner one with the algorithm: after at most six bytes.
        init?(subjectPublicKeyInfo info: [UInt8]) {
            let starts = (2...8).filter { $0 < info.count }
            if starts.contains(where: { info[$0...].starts(with: Self.rsaEncryption) }) {
                (kind, curve) = (.rsa, nil)
                return
            }
            guard let start = starts.first(where: { info[$0...].starts(with: Self.ecPublicKey) }) else { return nil }
            let parameters = info[(start + Self.ecPublicKey.count)...]
            kind = .ecdsa
            if parameters.starts(with: Self.secp256r1) {
                curve = .p256
            } else if parameters.starts(with: Self.secp384r1) {
                curve = .p384
            } else {
                return nil
            }
        }
    }
}
