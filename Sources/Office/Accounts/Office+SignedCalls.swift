package import Attribution
internal import Crypto
internal import Foundation
internal import GRDB

extension Office {
    /// The provider's token by which a message is signed; nil when it is none that is in force.
    ///
    /// The signature is HMAC-SHA256 (RFC 2104). Its key is not the token itself, which is not kept, but the 32 bytes of its SHA-256,
    /// which are: who signs has the token and makes them. So the token does not travel, and no second secret has to be handed out,
    /// kept and ended. A copy of `office.db` is enough to sign, as it is for partners' links.
    ///
    /// - Parameters:
    ///   - message: what was signed, in ``ProviderSignature``'s form.
    ///   - signature: 32 bytes.
    package func providerToken(signing message: [UInt8], signature: [UInt8], at time: Timestamp) throws -> Token? {
        let tokens = try read { db in
            try Row.fetchAll(
                db, sql: "SELECT \(TokenRow.columns), hash FROM token WHERE role = ? AND expires_at > ? ORDER BY id DESC",
                arguments: [Role.provider.rawValue, time.microseconds]
            ).map { (token: try TokenRow.token($0), hash: $0["hash"] as Data) }
        }
        // All are tried, as nothing in the call names one: a provider has one, or two while it replaces one by the other.
        let found = tokens.first { _, hash in
            HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: message, using: SymmetricKey(data: hash))
        }
        guard let found else { return nil }
        try touch(found.token, at: time)
        return found.token
    }
}
