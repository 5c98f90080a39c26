package import Attribution
internal import GRDB
package import Office

/// A customer's link that was just made.
package struct IssuedCustomerLink: Equatable, Sendable {
    package let subscription: String
    /// Below the front door's address: whoever has it can use the link.
    package let path: String
    /// The last moment at which it holds.
    package let expiresAt: Timestamp
}

extension Office {
    /// The keys by which customers' links hold, the oldest first.
    package func customerKeys() throws -> [LinkKey] {
        try read { db in try CustomerKeyRow.inForce(db).map { LinkKey(secret: $0.secret) } }
    }

    /// Makes a link by which a customer can say who is partner of record of a subscription, also of one that can have none: its
    /// page says why.
    ///
    /// Keys come and go by themselves: the first link makes one, and so does the first after ``CustomerLink/maximumDays``. By
    /// then the key before has signed nothing for as long as any link holds, and is forgotten.
    ///
    /// - Parameter days: 1 to ``CustomerLink/maximumDays``.
    /// - Throws: ``SubscriptionRefusal`` `unknown` or `invalid`, ``OfficeError``.
    package func issueCustomerLink(
        to id: String, days: Int, by caller: Caller, at time: Timestamp
    ) throws -> IssuedCustomerLink {
        guard (1...CustomerLink.maximumDays).contains(days) else {
            throw SubscriptionRefusal.invalid([
                SubscriptionFault("days is \(days), expected a number from 1 to \(CustomerLink.maximumDays)")
            ])
        }
        return try change(by: caller, .subscriptionLink, at: time) { db in
            _ = try SubscriptionRow.required(id, db)
            let key = try CustomerKeyRow.signing(at: time, db)
            let end = time.seconds + Int64(days) * 86_400
            let link = CustomerLink(subscription: id, expiry: end)
            let issued = IssuedCustomerLink(
                subscription: id, path: link.path(signedWith: key),
                expiresAt: Timestamp(microseconds: end * Timestamp.microsecondsPerSecond))
            return (issued, "\(id), until \(issued.expiresAt)")
        }
    }

    /// Ends all customers' links at once, by forgetting the keys that made them: what held them in the file is overwritten.
    package func endCustomerLinks(by caller: Caller, at time: Timestamp) throws {
        try change(by: caller, .subscriptionLinksEnd, at: time) { db in
            let keys = try CustomerKeyRow.inForce(db)
            for key in keys { try CustomerKeyRow.retire(key.id, at: time, db) }
            return ((), keys.isEmpty ? nil : "all ended")
        }
    }
}

/// How keys are written in the table `customer_key`.
enum CustomerKeyRow {
    struct Key {
        let id: Int64
        let secret: String
        let since: Timestamp
    }

    /// By which secret scanners and people recognise one.
    private static let prefix = "portercustomerkey_"

    /// The oldest first.
    static func inForce(_ db: Database) throws -> [Key] {
        try Row.fetchAll(db, sql: "SELECT id, secret, since FROM customer_key WHERE until IS NULL ORDER BY id").map { row in
            Key(id: row[0], secret: row[1], since: Timestamp(microseconds: row[2]))
        }
    }

    /// The newest key, or a new one in its place.
    static func signing(at time: Timestamp, _ db: Database) throws -> LinkKey {
        let keys = try inForce(db)
        let lasting = Int64(CustomerLink.maximumDays) * Timestamp.microsecondsPerDay
        if let newest = keys.last, time.microseconds - newest.since.microseconds < lasting {
            return LinkKey(secret: newest.secret)
        }
        // With the new one, as many are in force as may be.
        for key in keys.dropLast(LinkKey.mostInForce - 1) { try retire(key.id, at: time, db) }
        let secret = Secret.make(prefix: prefix)
        try db.execute(
            sql: "INSERT INTO customer_key (secret, since) VALUES (?, ?)", arguments: [secret.text, time.microseconds])
        return LinkKey(secret: secret.text)
    }

    static func retire(_ id: Int64, at time: Timestamp, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE customer_key SET secret = NULL, until = ? WHERE id = ?", arguments: [time.microseconds, id])
    }
}
