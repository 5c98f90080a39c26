import Crypto
import CryptoExtras
import Foundation

/// What TLS asks of BoringSSL, each by itself. swift-crypto's code is BoringSSL's, in a copy of its own beside NIOSSL's; what it
/// wraps it in is measured with it.
enum Cryptography: String, CaseIterable {
    /// The server's signature of a handshake with an ECDSA certificate.
    case p256Sign = "p256-sign"
    /// The key pair of one handshake, and the secret that it shares with the client's.
    case x25519
    /// The server's signature of a handshake with an RSA certificate.
    case rsa2048Sign = "rsa2048-sign"
    /// An answer's bytes, encrypted. With what the key needs first, which TLS does once for a connection.
    case aesGCM = "aes-gcm"

    private static let answerBytes = 400

    /// - Returns: nanoseconds of so many.
    func run(count: Int) throws -> UInt64 {
        let transcript = SHA256.hash(data: [UInt8](repeating: 7, count: 128))
        switch self {
        case .p256Sign:
            let key = P256.Signing.PrivateKey()
            return try HotPath.measured(count) { _ in
                let signature = try key.signature(for: transcript)
                HotPath.blackHole(signature.derRepresentation.count)
            }
        case .x25519:
            let client = Curve25519.KeyAgreement.PrivateKey().publicKey
            return try HotPath.measured(count) { _ in
                let own = Curve25519.KeyAgreement.PrivateKey()
                let secret = try own.sharedSecretFromKeyAgreement(with: client)
                HotPath.blackHole(own.publicKey.rawRepresentation.count + secret.withUnsafeBytes { $0.count })
            }
        case .rsa2048Sign:
            let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
            return try HotPath.measured(count) { _ in
                let signature = try key.signature(for: transcript)
                HotPath.blackHole(signature.rawRepresentation.count)
            }
        case .aesGCM:
            let key = SymmetricKey(size: .bits128)
            let nonce = AES.GCM.Nonce()
            let answer = [UInt8](repeating: 7, count: Self.answerBytes)
            return try HotPath.measured(count) { _ in
                let sealed = try AES.GCM.seal(answer, using: key, nonce: nonce)
                HotPath.blackHole(sealed.ciphertext.count)
            }
        }
    }
}
