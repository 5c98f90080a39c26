package import Attribution
internal import GRDB
package import Office

extension Office {
    /// Writes to the access log that a call was refused, and uses up its signature: sent again when things have changed, it would be
    /// answered otherwise, and whoever made it has been told no.
    package func noteRefusal(_ what: String, signature: ProviderSignature?, by caller: Caller, at time: Timestamp) throws {
        try change(by: caller, .subscriptionRefused, at: time) { db in
            if let signature { _ = try SignedCallRow.use(signature, at: time, db) }
            return ((), what)
        }
    }
}
