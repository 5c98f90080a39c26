package import Attribution
import GRDB

extension Office {
    /// So long the access log is kept.
    package static let accessLogDays: Int64 = 730
    /// More than one, so that a log that was not written for long catches up.
    private static let mostForgottenAtOnce = 100

    /// Writes who did what; it is on disk when the call returns, and only then may be shown what was asked for.
    ///
    /// - Parameters:
    ///   - who: cut to ``AccessEntry/maximumWhoScalars``.
    ///   - what: cut to ``AccessEntry/maximumWhatScalars``.
    package func noteAccess(
        who: String, way: AccessEntry.Way, _ action: AccessEntry.Action, _ what: String, address: String, at time: Timestamp
    ) throws {
        let what = String(String.UnicodeScalarView(what.unicodeScalars.prefix(AccessEntry.maximumWhatScalars)))
        let who = String(String.UnicodeScalarView(who.unicodeScalars.prefix(AccessEntry.maximumWhoScalars)))
        let forgotten = time.microseconds - Self.accessLogDays * 86_400 * Timestamp.microsecondsPerSecond
        try write { db in
            try db.execute(
                sql: "INSERT INTO access (time, who, way, action, what, address) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [time.microseconds, who, way.rawValue, action.rawValue, what, address])
            try db.execute(
                // Only the oldest are looked at, however long the log is.
                sql: """
                    DELETE FROM access
                    WHERE time < ? AND id IN (SELECT id FROM access ORDER BY id LIMIT \(Self.mostForgottenAtOnce))
                    """,
                arguments: [forgotten])
        }
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
