internal import Attribution
internal import GRDB
internal import Office

/// How a subscription is written in the table `subscription`.
enum SubscriptionRow {
    static let columns = """
        id, tenant, product, offer, seats, channel, created_at, told_at, version, changes, partner, program, evidence, is_active
        """

    /// The condition of those that have no partner of record and could have one.
    static let lacksPartner = "partner IS NULL AND channel <> '\(Channel.syndicated.rawValue)'"

    static func damaged(_ what: String) -> DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a table of subscriptions holds a row with \(what)")
    }

    /// - Parameter text: nil where the row lacks the word.
    static func word<Word: RawRepresentable<String>>(_ text: String?) throws -> Word {
        guard let text else { throw damaged("a word that is missing") }
        guard let word = Word(rawValue: text) else { throw damaged("the word \(text.debugDescription)") }
        return word
    }

    static func partner(_ number: Int64) throws -> PartnerID {
        guard let id = UInt64(exactly: number).flatMap({ PartnerID($0) }) else { throw damaged("the partner ID \(number)") }
        return id
    }

    static func number(_ id: PartnerID) -> Int64 { Int64(id.number) }

    static func subscription(_ row: Row) throws -> Subscription {
        var association: PartnerOfRecord?
        if let number = row["partner"] as Int64? {
            association = PartnerOfRecord(
                partner: try partner(number), program: try (row["program"] as String?).map { try word($0) },
                evidence: try word(row["evidence"]))
        }
        return Subscription(
            id: row["id"], tenant: row["tenant"], product: try word(row["product"]), offer: row["offer"], seats: row["seats"],
            channel: try word(row["channel"]), createdAt: Timestamp(microseconds: row["created_at"]),
            toldAt: Timestamp(microseconds: row["told_at"]), version: row["version"], changes: row["changes"],
            association: association, isActive: row["is_active"])
    }

    static func fetch(_ id: String, _ db: Database) throws -> Subscription? {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM subscription WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [id]).map(subscription)
    }

    /// - Throws: ``SubscriptionRefusal`` `unknown`.
    static func required(_ id: String, _ db: Database) throws -> Subscription {
        guard let subscription = try fetch(id, db) else { throw SubscriptionRefusal.unknown(id) }
        return subscription
    }

    /// Writes the subscription as it is to be, over what is there. The next version is the caller's to count.
    static func write(_ subscription: Subscription, _ db: Database) throws {
        let association = subscription.association
        let partner: Int64? = association.map { number($0.partner) }
        try db.cachedStatement(
            sql: """
                INSERT INTO subscription (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET
                    offer = excluded.offer, seats = excluded.seats, channel = excluded.channel, created_at = excluded.created_at,
                    told_at = excluded.told_at, version = excluded.version, changes = excluded.changes,
                    partner = excluded.partner, program = excluded.program, evidence = excluded.evidence,
                    is_active = excluded.is_active
                """
        ).execute(arguments: [
            subscription.id, subscription.tenant, subscription.product.rawValue, subscription.offer, subscription.seats,
            subscription.channel.rawValue, subscription.createdAt.microseconds, subscription.toldAt.microseconds,
            subscription.version, subscription.changes, partner, association?.program?.rawValue, association?.evidence.rawValue,
            subscription.isActive,
        ])
    }
}
