package import Attribution
internal import GRDB
package import Office

extension Office {
    /// A subscription as it is now; nil when the provider told of none.
    package func subscription(_ id: String) throws -> Subscription? {
        try read { try SubscriptionRow.fetch(id, $0) }
    }

    /// Subscriptions that fit, by ID.
    package func subscriptions(_ search: SubscriptionSearch, limit: Int) throws -> [Subscription] {
        var conditions = ["id > ?"]
        var arguments: StatementArguments = [search.after ?? ""]
        if let tenant = search.tenant {
            conditions.append("tenant = ?")
            arguments += [tenant]
        }
        // A tenant or a partner has few subscriptions, whatever the planner thinks of products and channels: `+` keeps their indices out.
        let isNarrow = search.tenant != nil || search.partner != nil || search.withoutPartner
        if let product = search.product {
            conditions.append(isNarrow ? "+product = ?" : "product = ?")
            arguments += [product.rawValue]
        }
        if let channel = search.channel {
            conditions.append(isNarrow ? "+channel = ?" : "channel = ?")
            arguments += [channel.rawValue]
        }
        if let partner = search.partner {
            conditions.append("partner = ?")
            arguments += [SubscriptionRow.number(partner)]
        }
        if search.withoutPartner { conditions.append(SubscriptionRow.lacksPartner) }
        return try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT \(SubscriptionRow.columns) FROM subscription WHERE \(conditions.joined(separator: " AND "))
                    ORDER BY id LIMIT ?
                    """,
                arguments: arguments + [limit]
            ).map(SubscriptionRow.subscription)
        }
    }

    /// The history of a subscription's partner of record, the newest first.
    ///
    /// - Parameter before: only changes with a smaller number: what a page goes on behind.
    package func associations(of id: String, before: Int = .max, limit: Int) throws -> [AssociationChange] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT \(AssociationRow.columns) FROM association WHERE subscription = ? AND number < ?
                    ORDER BY number DESC LIMIT ?
                    """,
                arguments: [id, before, limit]
            ).map(AssociationRow.change)
        }
    }

    /// What the provider told of a subscription and its receipts, the newest first.
    package func toldReceipts(of id: String, limit: Int) throws -> [ToldReceipt] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT id, time, received_at, receipt, finding FROM subscription_event
                    WHERE subscription = ? AND finding IS NOT NULL ORDER BY received_at DESC, id DESC LIMIT ?
                    """,
                arguments: [id, limit]
            ).map { row in
                ToldReceipt(
                    event: row[0], time: Timestamp(microseconds: row[1]), receivedAt: Timestamp(microseconds: row[2]),
                    claimed: row[3], finding: try SubscriptionRow.word(row[4]))
            }
        }
    }

    /// The reports on a subscription's workload, in the order of their times.
    package func workload(of id: String) throws -> [WorkloadActivity] {
        try read { db in try Self.workload(of: id, db) }
    }

    /// The same within a transaction.
    static func workload(of id: String, _ db: Database) throws -> [WorkloadActivity] {
        let statement = try db.cachedStatement(
            sql: "SELECT time, is_active FROM workload_activity WHERE subscription = ? ORDER BY time, event")
        return try Row.fetchAll(statement, arguments: [id]).map { row in
            WorkloadActivity(time: Timestamp(microseconds: row[0]), isActive: row[1])
        }
    }
}

/// A receipt as the provider sent it with an event, and what it was worth.
package struct ToldReceipt: Equatable, Sendable {
    package let event: String
    package let time: Timestamp
    package let receivedAt: Timestamp
    package let claimed: String?
    package let finding: ReceiptFinding
}
