internal import Attribution
internal import GRDB

/// How conflicts are written in the table `conflict`.
enum ConflictRow {
    static let columns = "id, tenant, product, opened_at, state, version, settled_at, decider, choice, note"

    static func conflict(_ row: Row) throws -> Conflict {
        var settlement: ConflictSettlement?
        if let time = row["settled_at"] as Int64? {
            var choice: PartnerID?
            if let number = row["choice"] as Int64? { choice = try SubscriptionRow.partner(number) }
            settlement = ConflictSettlement(
                time: Timestamp(microseconds: time), decider: row["decider"], choice: choice, note: row["note"])
        }
        return Conflict(
            id: row["id"], tenant: row["tenant"], product: try SubscriptionRow.word(row["product"]),
            openedAt: Timestamp(microseconds: row["opened_at"]), state: try SubscriptionRow.word(row["state"]),
            version: row["version"], settlement: settlement)
    }

    static func fetch(_ id: Int64, _ db: Database) throws -> Conflict? {
        try Row.fetchOne(db, sql: "SELECT \(columns) FROM conflict WHERE id = ?", arguments: [id]).map { try conflict($0) }
    }

    /// - Throws: ``ConflictRefusal`` `unknown`.
    static func required(_ id: Int64, _ db: Database) throws -> Conflict {
        guard let conflict = try fetch(id, db) else { throw ConflictRefusal.unknown(id) }
        return conflict
    }

    /// The one that waits for an admin; there is never a second.
    static func open(_ group: ConflictGroup, _ db: Database) throws -> Conflict? {
        let statement = try db.cachedStatement(
            sql: "SELECT \(columns) FROM conflict WHERE tenant = ? AND product = ? AND state = 'open'")
        return try Row.fetchOne(statement, arguments: group.arguments).map { try conflict($0) }
    }

    /// Whom the last decision left in force; empty when there was none.
    static func lastDecided(_ group: ConflictGroup, _ db: Database) throws -> Set<PartnerID> {
        let text = try String.fetchOne(
            db,
            sql: """
                SELECT partners FROM conflict WHERE tenant = ? AND product = ? AND state = 'decided' ORDER BY id DESC LIMIT 1
                """,
            arguments: group.arguments)
        return Set((text ?? "").split(separator: " ").compactMap { PartnerID(String($0)) })
    }

    static func insert(_ group: ConflictGroup, at time: Timestamp, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO conflict (tenant, product, opened_at, state, version) VALUES (?, ?, ?, 'open', 1)",
            arguments: [group.tenant, group.product.rawValue, time.microseconds])
    }

    /// Something has happened that who decides should have seen.
    static func count(_ conflict: Conflict, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE conflict SET version = version + 1 WHERE id = ?").execute(arguments: [conflict.id])
    }

    static func end(_ conflict: Conflict, at time: Timestamp, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE conflict SET state = 'ended', settled_at = ?, version = version + 1 WHERE id = ?",
            arguments: [time.microseconds, conflict.id])
    }

    /// - Parameters:
    ///   - partners: who is left in force.
    ///   - receipts: of the decision's records.
    static func decide(
        _ conflict: Conflict, _ order: ConflictOrder, partners: [PartnerID], receipts: [Receipt], by decider: String,
        at time: Timestamp, _ db: Database
    ) throws {
        let choice: Int64? = order.choice.partner.map { SubscriptionRow.number($0) }
        let left: String = partners.map(\.description).joined(separator: " ")
        try db.execute(
            sql: """
                UPDATE conflict
                SET state = 'decided', settled_at = ?, decider = ?, choice = ?, note = ?, partners = ?, version = version + 1
                WHERE id = ?
                """,
            arguments: [time.microseconds, decider, choice, order.note, left, conflict.id])
        for receipt in receipts {
            try db.cachedStatement(sql: "INSERT INTO conflict_record (conflict, receipt) VALUES (?, ?)")
                .execute(arguments: [conflict.id, receipt.description])
        }
    }

    /// The receipts of a decision's records.
    static func records(of conflict: Int64, limit: Int, _ db: Database) throws -> [Receipt] {
        try String.fetchAll(
            db, sql: "SELECT receipt FROM conflict_record WHERE conflict = ? ORDER BY receipt LIMIT ?",
            arguments: [conflict, limit]
        ).map { text in
            guard let receipt = Receipt(text) else { throw SubscriptionRow.damaged("a receipt that is none") }
            return receipt
        }
    }
}
