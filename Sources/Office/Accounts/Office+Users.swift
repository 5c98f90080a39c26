package import Attribution
import GRDB

extension Office {
    /// All users, by name.
    package func users() throws -> [User] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT \(UserRow.columns) FROM user ORDER BY name COLLATE NOCASE").map(UserRow.user)
        }
    }

    package func user(named name: String) throws -> User? {
        try read { try UserRow.fetch(named: name, $0)?.user }
    }

    /// The user with what the password must hash to; nil when there is none of that name.
    package func userForSignIn(named name: String) throws -> (user: User, password: PasswordHash)? {
        try read { try UserRow.fetch(named: name, $0) }
    }

    /// - Throws: ``OfficeError`` `invalid-user` when the name cannot be, or is taken.
    @discardableResult
    package func addUser(
        name: String, role: Role, password: PasswordHash, by caller: Caller, at time: Timestamp
    ) throws -> User {
        let name = try User.checkedName(name)
        try Self.requireRoleOfUsers(role)
        return try change(by: caller, .userChange, at: time) { db in
            guard try UserRow.fetch(named: name, db) == nil else {
                throw OfficeError(
                    .invalidUser, "there is a user \(name) already; take another name, or change that one with `porter user set`",
                    Mistake(.userThere, name))
            }
            try db.execute(
                sql: "INSERT INTO user (name, role, password, created_at, password_changed_at) VALUES (?, ?, ?, ?, ?)",
                arguments: [name, role.rawValue, password.text, time.microseconds, time.microseconds])
            return (try UserRow.required(name, db).user, "added \(name), \(role.rawValue)")
        }
    }

    /// - Throws: ``OfficeError`` `invalid-user`.
    private static func requireRoleOfUsers(_ role: Role) throws(OfficeError) {
        guard Role.ofUsers.contains(role) else {
            throw OfficeError(
                .invalidUser, "the role \(role.rawValue) is for tokens, expected marketing, auditor or admin for a person")
        }
    }

    /// Changes role, language, time zone and whether the user may sign in. Who may no longer loses the sessions at once; a new
    /// role holds from the next request on. Whoever may not make tokens any more has none left that they made.
    ///
    /// - Parameters:
    ///   - tags: the user's ``User/tag`` must be one of these, so that nobody writes over what they have not seen; nil: any.
    ///   - password: a new one; it ends all sessions.
    /// - Throws: ``OfficeError`` `unknown-user`, `changed-meanwhile`, or `last-admin` when nobody would be left who may
    ///   administer.
    @discardableResult
    package func changeUser(
        _ name: String, onlyIf tags: Set<String>? = nil, password: PasswordHash? = nil, by caller: Caller, at time: Timestamp,
        _ edit: (inout User) -> Void
    ) throws -> User {
        try change(by: caller, .userChange, at: time) { db in
            let old = try UserRow.required(name, onlyIf: tags, db)
            var new = old
            edit(&new)
            try Self.requireRoleOfUsers(new.role)
            let changes = new.changes(since: old) + (password == nil ? [] : ["password"])
            if changes.isEmpty { return (old, nil) }
            if old.mayAdminister, !new.mayAdminister {
                try requireAnotherAdmin(than: old, db)
            }
            try db.execute(
                sql: """
                    UPDATE user SET role = ?, language = ?, time_zone = ?, disabled = ?, version = version + 1 WHERE id = ?
                    """,
                arguments: [new.role.rawValue, new.language, new.timeZone, new.isDisabled ? 1 : 0, old.id])
            if let password { try Self.setPassword(of: old.id, to: password, at: time, db) }
            if new.isDisabled { try Self.endSessions(of: old.id, db) }
            let revoked = old.mayAdminister && !new.mayAdminister ? try Self.revokeTokens(ownedBy: old.id, db) : 0
            return (
                try UserRow.required(name, db).user,
                "\(old.name): \((changes + Self.told(revoked)).joined(separator: ", "))"
            )
        }
    }

    /// Sets the new password that a user has chosen, and ends all sessions of theirs.
    ///
    /// - Throws: ``OfficeError`` `unknown-user`.
    package func setOwnPassword(_ password: PasswordHash, by caller: Caller, at time: Timestamp) throws {
        try change(by: caller, .passwordChange, at: time) { db in
            let user = try UserRow.required(caller.name, db).user
            return (try Self.setPassword(of: user.id, to: password, at: time, db), "")
        }
    }

    private static func setPassword(of user: Int64, to password: PasswordHash, at time: Timestamp, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE user SET password = ?, password_changed_at = ?, version = version + 1 WHERE id = ?",
            arguments: [password.text, time.microseconds, user])
        try endSessions(of: user, db)
    }

    /// Removes a user with all sessions and the tokens they made. What the access log says of the name stays.
    ///
    /// - Parameter tags: as for ``changeUser(_:onlyIf:password:by:at:_:)``.
    /// - Throws: ``OfficeError`` `unknown-user`, `changed-meanwhile` or `last-admin`.
    package func removeUser(
        _ name: String, onlyIf tags: Set<String>? = nil, by caller: Caller, at time: Timestamp
    ) throws {
        try change(by: caller, .userChange, at: time) { db in
            let user = try UserRow.required(name, onlyIf: tags, db)
            if user.mayAdminister { try requireAnotherAdmin(than: user, db) }
            try Self.endSessions(of: user.id, db)
            let revoked = user.mayAdminister ? try Self.revokeTokens(ownedBy: user.id, db) : 0
            try db.execute(sql: "DELETE FROM user WHERE id = ?", arguments: [user.id])
            return ((), (["removed \(user.name)"] + Self.told(revoked)).joined(separator: ", "))
        }
    }

    /// What the access log says of tokens that go with their maker.
    private static func told(_ revoked: Int) -> [String] {
        revoked == 0 ? [] : [revoked == 1 ? "revoked a token of theirs" : "revoked \(revoked) tokens of theirs"]
    }

    private func requireAnotherAdmin(than user: User, _ db: Database) throws {
        let others = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM user WHERE role = 'admin' AND disabled = 0 AND id <> ?", arguments: [user.id])
        guard others ?? 0 > 0 else {
            throw OfficeError(
                .lastAdmin, "\(user.name) is the only admin; make another user admin first", Mistake(.lastAdmin, user.name))
        }
    }
}

extension User {
    fileprivate var mayAdminister: Bool { role == .admin && !isDisabled }

    /// What the access log says of a change, for each thing that differs.
    fileprivate func changes(since old: User) -> [String] {
        var changes: [String] = []
        if role != old.role { changes.append("role \(role.rawValue)") }
        if isDisabled != old.isDisabled { changes.append(isDisabled ? "disabled" : "enabled") }
        if language != old.language { changes.append("language \(language ?? "as the browser asks")") }
        if timeZone != old.timeZone { changes.append("time zone \(timeZone ?? "UTC")") }
        return changes
    }
}

/// How a user is written in the table `user`.
enum UserRow {
    static let columns =
        "id, name, role, language, time_zone, created_at, password_changed_at, last_sign_in_at, disabled, version, password"

    static func user(_ row: Row) throws -> User {
        guard let role = Role(rawValue: row["role"]) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the table user holds a row with an unknown role")
        }
        return User(
            id: row["id"], name: row["name"], role: role, language: row["language"], timeZone: row["time_zone"],
            createdAt: Timestamp(microseconds: row["created_at"]),
            passwordChangedAt: Timestamp(microseconds: row["password_changed_at"]),
            lastSignInAt: (row["last_sign_in_at"] as Int64?).map { Timestamp(microseconds: $0) },
            isDisabled: row["disabled"] == 1, version: row["version"])
    }

    static func fetch(named name: String, _ db: Database) throws -> (user: User, password: PasswordHash)? {
        // A name that can't be anybody's is not looked up: SQLite would be given a text up to its first NUL, and find whoever has
        // that for a name, while failures are counted by all of it.
        guard (try? User.checkedName(name)) != nil else { return nil }
        return try Row.fetchOne(db, sql: "SELECT \(columns) FROM user WHERE name = ? COLLATE NOCASE", arguments: [name]).map {
            (try user($0), PasswordHash(text: $0["password"]))
        }
    }

    static func required(_ name: String, _ db: Database) throws -> (user: User, password: PasswordHash) {
        guard let found = try fetch(named: name, db) else {
            throw OfficeError(
                .unknownUser, "there is no user \(PartnerText.quoted(name)); `porter user list` names them",
                Mistake(.userUnknown, PartnerText.quoted(name)))
        }
        return found
    }

    /// - Parameter tags: what the user's ``User/tag`` must be one of; nil: any.
    static func required(_ name: String, onlyIf tags: Set<String>?, _ db: Database) throws -> User {
        let user = try required(name, db).user
        guard tags?.contains(user.tag) ?? true else {
            throw OfficeError(
                .changedMeanwhile, "user \(user.name) was changed since it was read; read it again",
                Mistake(.userChanged, user.name))
        }
        return user
    }
}
