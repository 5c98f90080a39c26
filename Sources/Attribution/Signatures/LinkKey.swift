internal import Crypto

/// A key that links are signed with: a partner's (``SignedLink``), by which links are credited to the partner, or the
/// gateway's own, by which customers change their partners of record. Whoever has it can make such links.
package struct LinkKey: Sendable {
    private let key: SymmetricKey

    /// A partner's keys that are in force at the same time: the one that links are signed with from now on, and the one before
    /// it, whose links are still about.
    package static let mostInForce = 2

    /// - Parameter secret: the text that its holder was given. The bytes of its UTF-8 are HMAC's key, as they are.
    package init(secret: String) {
        key = SymmetricKey(data: Array(secret.utf8))
    }

    /// HMAC-SHA256 (RFC 2104): 32 bytes.
    package func code(of message: [UInt8]) -> [UInt8] {
        HMAC<SHA256>.authenticationCode(for: message, using: key).withUnsafeBytes { Array($0) }
    }

    /// Whether the code is this key's, in a time that does not tell how much of it is right.
    package func made(_ code: [UInt8], of message: [UInt8]) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: message, using: key)
    }
}
