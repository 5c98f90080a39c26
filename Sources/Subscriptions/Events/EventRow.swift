internal import Attribution
internal import GRDB
internal import Office

/// How events are written in the table `subscription_event`.
enum EventRow {
    enum Kind: String {
        case subscription
        case usage
    }

    struct Stored {
        let content: String
        let finding: ReceiptFinding?
        let isAssociated: Bool
    }

    static func fetch(_ eventID: String, _ db: Database) throws -> Stored? {
        let statement = try db.cachedStatement(
            sql: "SELECT content, finding, is_associated FROM subscription_event WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [eventID]).map { row in
            Stored(
                content: row[0], finding: try (row[1] as String?).map { try SubscriptionRow.word($0) }, isAssociated: row[2])
        }
    }

    /// The event of that ID if it was taken before.
    ///
    /// - Throws: ``SubscriptionRefusal`` `event-differs` when it was another.
    static func earlier(_ eventID: String, content: String, _ db: Database) throws -> Stored? {
        guard let stored = try fetch(eventID, db) else { return nil }
        guard stored.content == content else { throw SubscriptionRefusal.eventDiffers(eventID) }
        return stored
    }

    static func insert(
        _ eventID: String, _ kind: Kind, of subscription: String, time: Timestamp, receivedAt: Timestamp, by caller: Caller,
        receipt: String? = nil, finding: ReceiptFinding? = nil, content: String, _ db: Database
    ) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO subscription_event (id, subscription, kind, time, received_at, who, receipt, finding, content)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            eventID, subscription, kind.rawValue, time.microseconds, receivedAt.microseconds, caller.name, receipt,
            finding?.rawValue, content,
        ])
    }

    /// Notes that the event's receipt has set the partner of record.
    static func markAssociated(_ eventID: String, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE subscription_event SET is_associated = 1 WHERE id = ?").execute(arguments: [eventID])
    }

    /// Whether another subscription came of the sign-up, one that can have a partner of record.
    ///
    /// - Parameter receipt: as ``Receipt/description`` has it.
    static func isUsed(_ receipt: String, besides subscription: String, _ db: Database) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: """
                SELECT 1 FROM subscription_event AS e JOIN subscription AS s ON s.id = e.subscription
                WHERE e.receipt = ? AND e.finding = 'usable' AND e.subscription <> ?
                    AND s.channel <> '\(Channel.syndicated.rawValue)'
                LIMIT 1
                """)
        return try Int.fetchOne(statement, arguments: [receipt, subscription]) != nil
    }

    /// - Parameter subscription: as it is now.
    static func report(
        _ eventID: String, finding: ReceiptFinding? = nil, isAssociated: Bool = false, isRepeated: Bool,
        _ subscription: Subscription
    ) -> EventReport {
        EventReport(
            event: eventID, subscription: subscription.id, receipt: finding, isAssociated: isAssociated,
            partner: subscription.association?.partner.description, isRepeated: isRepeated, version: subscription.version)
    }
}
