package import Attribution
package import GRDB

extension Office {
    /// The snapshot for the front door: all partners' standings as they are now, and the keys in force that their links are signed
    /// with.
    package func currentDirectory() throws -> PartnerDirectory {
        try read { db in
            let version = try Self.currentVersion(db)
            return try Self.directory(
                version: version, where: "until_version IS NULL", arguments: [], linkKeys: Self.currentLinkKeys(db), db)
        }
    }

    /// All partners' standings as they were when `version` was the newest, without keys. Version 0 is empty; versions to come are as
    /// now.
    package func directory(version: Int) throws -> PartnerDirectory {
        try read { db in
            try Self.directory(
                version: version,
                where: "since_version <= ? AND (until_version IS NULL OR until_version > ?)", arguments: [version, version], db)
        }
    }

    /// A partner's standing as it was when `version` was the newest: with a record's `directory_version`, what its decision knew.
    ///
    /// - Returns: nil when the directory did not have the partner then.
    package func standing(of id: PartnerID, atVersion version: Int) throws -> PartnerStanding? {
        try history(of: id).last { $0.version.number <= version }?.partner.standing
    }

    /// The partner as it is now; nil when it is not in the directory.
    package func partner(_ id: PartnerID) throws -> Partner? {
        try read { try PartnerState.current(id, $0) }
    }

    /// The same within a transaction of the caller's, so that what is decided by it holds when it is written.
    package static func partner(_ id: PartnerID, _ db: Database) throws -> Partner? {
        try PartnerState.current(id, db)
    }

    /// All partners as they are now, by ID, or those of one status.
    package func partners(status: PartnerStanding.Status? = nil) throws -> [Partner] {
        try read { db in
            let filter = status == nil ? "" : "AND status = ?"
            let rows = try Row.fetchCursor(
                db,
                sql: "SELECT \(PartnerState.columns) FROM partner_state WHERE until_version IS NULL \(filter) ORDER BY partner",
                arguments: status.map { [$0.rawValue] } ?? [])
            return try Array(rows.map { try PartnerState.partner($0) })
        }
    }

    /// Partners as they are now that fit, by ID.
    package func partners(_ search: PartnerSearch, limit: Int) throws -> [Partner] {
        var conditions = ["until_version IS NULL"]
        var arguments: StatementArguments = []
        if let after = search.after {
            conditions.append("partner > ?")
            arguments += [PartnerState.number(after)]
        }
        if let status = search.status {
            conditions.append("status = ?")
            arguments += [status.rawValue]
        }
        if let parent = search.parent {
            conditions.append("parent = ?")
            arguments += [PartnerState.number(parent)]
        }
        if let text = search.text {
            // LIKE knows the letter case of ASCII only, like the rest of the directory.
            conditions.append("(name LIKE ? ESCAPE '\\' OR CAST(partner AS TEXT) LIKE ? ESCAPE '\\')")
            let pattern = ["\\", "%", "_"].reduce(text) { $0.replacing($1, with: "\\" + $1) }
            arguments += ["%\(pattern)%", "\(pattern)%"]
        }
        return try read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT \(PartnerState.columns) FROM partner_state WHERE \(conditions.joined(separator: " AND "))
                    ORDER BY partner LIMIT ?
                    """,
                arguments: arguments + [limit])
            return try Array(rows.map { try PartnerState.partner($0) })
        }
    }

    /// The IDs of the locations that name `id` as their parent, ascending.
    package func locations(of id: PartnerID) throws -> [PartnerID] {
        try read { db in
            try Int64.fetchAll(
                db, sql: "SELECT partner FROM partner_state WHERE until_version IS NULL AND parent = ? ORDER BY partner",
                arguments: [PartnerState.number(id)]
            ).map(PartnerState.id)
        }
    }

    /// The newest version of the directory; 0 while it is empty. Within a transaction of the caller's.
    package static func currentVersion(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT max(version) FROM directory_version") ?? 0
    }

    /// Begins a new version of the directory.
    ///
    /// - Parameter source: cut to ``maximumSourceScalars``.
    static func addVersion(source: String, at time: Timestamp, _ db: Database) throws -> Int {
        let version = try currentVersion(db) + 1
        try db.execute(
            sql: "INSERT INTO directory_version (version, learned_at, source) VALUES (?, ?, ?)",
            arguments: [version, time.microseconds, cutSource(source)])
        return version
    }

    /// As much of a source as the history keeps.
    static func cutSource(_ source: String) -> String {
        String(String.UnicodeScalarView(source.unicodeScalars.prefix(maximumSourceScalars)))
    }

    static func currentCount(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM partner_state WHERE until_version IS NULL") ?? 0
    }

    private static func directory(
        version: Int, where condition: String, arguments: StatementArguments, linkKeys: [PartnerID: [LinkKey]] = [:],
        _ db: Database
    ) throws -> PartnerDirectory {
        var standings: [PartnerID: PartnerStanding] = [:]
        standings.reserveCapacity(try currentCount(db))
        let rows = try Row.fetchCursor(
            db,
            sql: "SELECT partner, status, status_reason, valid_from, valid_to FROM partner_state WHERE \(condition)",
            arguments: arguments)
        while let row = try rows.next() {
            standings[try PartnerState.id(row[0])] = try PartnerState.standing(
                status: row[1], reason: row[2], validFrom: row[3], validTo: row[4])
        }
        return PartnerDirectory(version: version, standings: standings, linkKeys: linkKeys)
    }
}
