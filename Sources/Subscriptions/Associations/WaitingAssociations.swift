package import Attribution
internal import GRDB
package import Office

/// A change that waits for the ledger.
package struct UnrecordedAssociation: Sendable {
    let id: Int64
    package let draft: AssociationDraft
}

/// The first changes that wait for the ledger.
package struct WaitingAssociations: Sendable {
    /// Those that can be handed over, in their order.
    package let entries: [UnrecordedAssociation]
    /// Which was the first that had to be passed over, and why it can't be read; nil when none was.
    package let damage: String?
}

extension Office {
    /// The first changes that wait for the ledger. One that can't be read is passed over, and so is what came after it to the same
    /// subscription: the ledger gets the history of each in its order, and nobody else's has to wait for one that is damaged.
    package func unrecordedAssociations(limit: Int) throws -> WaitingAssociations {
        try read { db in
            var entries: [UnrecordedAssociation] = []
            var damage: String?
            var damaged: Set<String> = []
            let rows = try Row.fetchCursor(
                db, sql: "SELECT id, \(AssociationRow.columns) FROM association WHERE is_recorded = 0 ORDER BY id")
            while entries.count < limit, let row = try rows.next() {
                let subscription: String = row["subscription"]
                if damaged.contains(subscription) { continue }
                do {
                    entries.append(try Self.unrecorded(row, db))
                } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
                    let number: Int = row["number"]
                    damaged.insert(subscription)
                    damage = damage ?? "\(subscription), change \(number): \(error.message ?? "it is damaged")"
                }
            }
            return WaitingAssociations(entries: entries, damage: damage)
        }
    }

    private static func unrecorded(_ row: Row, _ db: Database) throws -> UnrecordedAssociation {
        let change = try AssociationRow.change(row)
        // Of the subscription only what never changes and its channel is recorded.
        guard let subscription = try SubscriptionRow.fetch(change.subscription, db) else {
            throw SubscriptionRow.damaged("the ID of no subscription")
        }
        return UnrecordedAssociation(id: row["id"], draft: change.draft(of: subscription))
    }

    /// Marks changes whose records the ledger has. Nobody did anything: their lines in the access log came with the changes.
    package func markRecorded(_ recorded: [UnrecordedAssociation]) throws {
        try writeUnnoted { db in
            for entry in recorded {
                try db.cachedStatement(sql: "UPDATE association SET is_recorded = 1 WHERE id = ?").execute(arguments: [entry.id])
            }
        }
    }
}
