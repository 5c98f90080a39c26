package import Attribution
package import GRDB

extension Office {
    /// So long the access log is kept.
    package static let accessLogDays: Int64 = 730
    /// More than one, so that a log that was not written for long catches up.
    private static let mostForgottenAtOnce = 100

    /// Writes who read what; it is on disk when the call returns, and only then may be shown what was asked for.
    ///
    /// - Parameters:
    ///   - caller: whose name is cut to ``AccessEntry/maximumWhoScalars``.
    ///   - what: cut to ``AccessEntry/maximumWhatScalars``.
    package func noteAccess(by caller: Caller, _ action: AccessEntry.Action, _ what: String, at time: Timestamp) throws {
        try writeUnnoted { try Self.insertEntry(by: caller, action, what, at: time, $0) }
    }

    /// Changes something and writes the access log's line of it, in one transaction: both are on disk, or neither is.
    ///
    /// - Parameter body: makes the change; returns what the caller gets, and what the line says, nil when nothing has changed.
    package func change<Result>(
        by caller: Caller, _ action: AccessEntry.Action, at time: Timestamp,
        _ body: (Database) throws -> (result: Result, what: String?)
    ) throws -> Result {
        try writeUnnoted { db in
            let (result, what) = try body(db)
            if let what { try Self.insertEntry(by: caller, action, what, at: time, db) }
            return result
        }
    }

    private static func insertEntry(
        by caller: Caller, _ action: AccessEntry.Action, _ what: String, at time: Timestamp, _ db: Database
    ) throws {
        let who = String(String.UnicodeScalarView(caller.name.unicodeScalars.prefix(AccessEntry.maximumWhoScalars)))
        // SQLite would be given the text up to its first NUL.
        let what = String(
            String.UnicodeScalarView(
                what.unicodeScalars.prefix(AccessEntry.maximumWhatScalars).map { $0 == "\0" ? "\u{FFFD}" : $0 }))
        try db.execute(
            sql: "INSERT INTO access (time, who, way, action, what, address) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [time.microseconds, who, caller.way.rawValue, action.rawValue, what, caller.address])
        try db.execute(
            // Only the oldest are looked at, however long the log is.
            sql: """
                DELETE FROM access
                WHERE time < ? AND id IN (SELECT id FROM access ORDER BY id LIMIT \(mostForgottenAtOnce))
                """,
            arguments: [time.microseconds - accessLogDays * 86_400 * Timestamp.microsecondsPerSecond])
    }

    /// Entries, the newest first.
    ///
    /// - Parameters:
    ///   - before: only those with a smaller ID: what a page goes on behind.
    ///   - who: only those of this name.
    package func accessLog(before: Int64? = nil, who: String? = nil, limit: Int) throws -> [AccessEntry] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT id, time, who, way, action, what, address FROM access
                    WHERE id < ? AND (? IS NULL OR who = ? COLLATE NOCASE) ORDER BY id DESC LIMIT ?
                    """,
                arguments: [before ?? .max, who, who, limit]
            ).map { row in
                guard let way = AccessEntry.Way(rawValue: row[3]), let action = AccessEntry.Action(rawValue: row[4]) else {
                    throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the table access holds a row with an unknown word")
                }
                return AccessEntry(
                    id: row[0], time: Timestamp(microseconds: row[1]), who: row[2], way: way, action: action, what: row[5],
                    address: row[6])
            }
        }
    }
}
