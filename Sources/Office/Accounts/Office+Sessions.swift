package import Attribution
import GRDB

extension Office {
    /// Begins a session of a user who has signed in, and forgets those that have ended by themselves.
    ///
    /// - Parameter address: the browser's.
    /// - Returns: what the browser's cookie holds; only its hash is kept.
    package func beginSession(of user: User, from address: String, at time: Timestamp) throws -> Secret {
        let secret = Secret.make()
        let caller = Caller(name: user.name, way: .session, address: address)
        return try change(by: caller, .signIn, at: time) { db in
            try db.execute(
                sql: "DELETE FROM session WHERE last_used_at < ? OR begun_at < ?", arguments: Self.ends(at: time))
            try db.execute(
                sql: "INSERT INTO session (hash, user, begun_at, last_used_at) VALUES (?, ?, ?, ?)",
                arguments: [secret.hash, user.id, time.microseconds, time.microseconds])
            try db.execute(
                sql: "UPDATE user SET last_sign_in_at = ? WHERE id = ?", arguments: [time.microseconds, user.id])
            return (secret, "")
        }
    }

    /// The session of a cookie; nil when it has ended or never was.
    package func session(_ secret: Secret, at time: Timestamp) throws -> Session? {
        let found = try read { db in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT \(UserRow.columns), begun_at, last_used_at FROM session JOIN user ON user = id
                    WHERE hash = ? AND last_used_at >= ? AND begun_at >= ? AND disabled = 0
                    """,
                arguments: [secret.hash] + Self.ends(at: time)
            ).map { row in
                (
                    session: Session(user: try UserRow.user(row), begunAt: Timestamp(microseconds: row["begun_at"])),
                    lastUsed: row["last_used_at"] as Int64
                )
            }
        }
        guard let found else { return nil }
        if time.microseconds - found.lastUsed > Session.touchSeconds * Timestamp.microsecondsPerSecond {
            try writeUnnoted { db in
                try db.execute(
                    sql: "UPDATE session SET last_used_at = ? WHERE hash = ?", arguments: [time.microseconds, secret.hash])
            }
        }
        return found.session
    }

    /// Ends a session whose user signs out.
    package func endSession(_ secret: Secret, by caller: Caller, at time: Timestamp) throws {
        try change(by: caller, .signOut, at: time) { db in
            (try db.execute(sql: "DELETE FROM session WHERE hash = ?", arguments: [secret.hash]), "")
        }
    }

    static func endSessions(of user: Int64, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM session WHERE user = ?", arguments: [user])
    }

    /// Before these moments a session must have been used last, and begun, to be over.
    private static func ends(at time: Timestamp) -> StatementArguments {
        [
            time.microseconds - Session.idleSeconds * Timestamp.microsecondsPerSecond,
            time.microseconds - Session.absoluteSeconds * Timestamp.microsecondsPerSecond,
        ]
    }
}
