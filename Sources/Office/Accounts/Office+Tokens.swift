package import Attribution
import GRDB

extension Office {
    /// All tokens that have not been revoked, the newest first; those that have expired among them.
    package func tokens() throws -> [Token] {
        try read { try Row.fetchAll($0, sql: "SELECT \(TokenRow.columns) FROM token ORDER BY id DESC").map(TokenRow.token) }
    }

    /// - Returns: the token, and its secret, which nobody can ask for again.
    /// - Throws: ``OfficeError`` `invalid-token`.
    package func createToken(
        name: String, role: Role, days: Int = Token.usualDays, by caller: Caller, at time: Timestamp
    ) throws -> (token: Token, secret: Secret) {
        let name = try Token.checkedName(name)
        guard (1...Token.maximumDays).contains(days) else {
            throw OfficeError(
                .invalidToken, "a token for \(days) days can't be made, expected 1 to \(Token.maximumDays) days",
                Mistake(.tokenDays, "\(days)", "\(Token.maximumDays)"))
        }
        let secret = Secret.make(prefix: Token.prefix)
        let expires = time.microseconds + Int64(days) * 86_400 * Timestamp.microsecondsPerSecond
        return try change(by: caller, .tokenChange, at: time) { db in
            try db.execute(
                sql: """
                    INSERT INTO token (hash, name, role, created_at, created_by, owner, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [secret.hash, name, role.rawValue, time.microseconds, caller.name, caller.user, expires])
            let row = try Row.fetchOne(
                db, sql: "SELECT \(TokenRow.columns) FROM token WHERE id = ?", arguments: [db.lastInsertedRowID])
            let token = try TokenRow.token(row!)
            return ((token, secret), "created \(token.id), \(name), \(role.rawValue)")
        }
    }

    /// The token of a secret; nil when it has expired, was revoked or never was.
    package func token(_ secret: Secret, at time: Timestamp) throws -> Token? {
        let found = try read { db in
            try Row.fetchOne(
                db, sql: "SELECT \(TokenRow.columns) FROM token WHERE hash = ? AND expires_at > ?",
                arguments: [secret.hash, time.microseconds]
            ).map(TokenRow.token)
        }
        guard let found else { return nil }
        try touch(found, at: time)
        return found
    }

    /// Notes that a token was used, now and then.
    func touch(_ token: Token, at time: Timestamp) throws {
        let isStale = token.lastUsedAt.map {
            time.microseconds - $0.microseconds > Token.touchSeconds * Timestamp.microsecondsPerSecond
        }
        guard isStale ?? true else { return }
        try writeUnnoted {
            try $0.execute(sql: "UPDATE token SET last_used_at = ? WHERE id = ?", arguments: [time.microseconds, token.id])
        }
    }

    /// - Throws: ``OfficeError`` `unknown-token`.
    package func revokeToken(_ id: Int64, by caller: Caller, at time: Timestamp) throws {
        try change(by: caller, .tokenChange, at: time) { db in
            guard let row = try Row.fetchOne(db, sql: "SELECT \(TokenRow.columns) FROM token WHERE id = ?", arguments: [id])
            else {
                throw OfficeError(
                    .unknownToken, "there is no token \(id); `porter token list` names them", Mistake(.tokenUnknown, "\(id)"))
            }
            try db.execute(sql: "DELETE FROM token WHERE id = ?", arguments: [id])
            return ((), "revoked \(id), \(try TokenRow.token(row).name)")
        }
    }

    /// Revokes the tokens that were made in a user's right: whoever is shut out must not go on by a token.
    ///
    /// - Returns: how many.
    static func revokeTokens(ownedBy user: Int64, _ db: Database) throws -> Int {
        try db.execute(sql: "DELETE FROM token WHERE owner = ?", arguments: [user])
        return db.changesCount
    }
}

/// How a token is written in the table `token`.
enum TokenRow {
    static let columns = "id, name, role, created_at, created_by, owner, expires_at, last_used_at"

    static func token(_ row: Row) throws -> Token {
        guard let role = Role(rawValue: row["role"]) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the table token holds a row with an unknown role")
        }
        return Token(
            id: row["id"], name: row["name"], role: role, createdAt: Timestamp(microseconds: row["created_at"]),
            createdBy: row["created_by"], owner: row["owner"], expiresAt: Timestamp(microseconds: row["expires_at"]),
            lastUsedAt: (row["last_used_at"] as Int64?).map { Timestamp(microseconds: $0) })
    }
}
