import GRDB

/// The tables of `office.db`, made and changed by migrations. A migration that was released is never edited.
enum OfficeSchema {
    /// `PRAGMA application_id`: the bytes "PoOf", so that `file office.db` and a mixed-up path can be told apart from other
    /// SQLite databases.
    static let applicationID: Int32 = 0x506F_4F66

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 directory and route versions") { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: directoryTables)
            try db.execute(sql: routeTables)
        }
        migrator.registerMigration("2 users, sessions, tokens and access log") { db in
            try db.execute(sql: accountTables)
        }
        migrator.registerMigration("3 case notes, and versions of users") { db in
            try db.execute(sql: noteTables)
            try db.execute(sql: "ALTER TABLE user ADD COLUMN version INTEGER NOT NULL DEFAULT 1")
        }
        migrator.registerMigration("4 the access log by name") { db in
            try db.execute(sql: "CREATE INDEX access_who ON access (who COLLATE NOCASE, id)")
        }
        migrator.registerMigration("5 keys of signed links") { db in
            try db.execute(sql: keyTables)
        }
        migrator.registerMigration("6 in whose right tokens were made") { db in
            // NULL: the command line's. Of tokens that are there already the name is all that is known.
            try db.execute(sql: "ALTER TABLE token ADD COLUMN owner INTEGER")
            try db.execute(
                sql: "UPDATE token SET owner = (SELECT id FROM user WHERE user.name = token.created_by COLLATE NOCASE)")
        }
        migrator.registerMigration("7 subscriptions and their partners of record") { db in
            try db.execute(sql: subscriptionTables)
        }
        migrator.registerMigration("8 notices to partners") { db in
            try db.execute(sql: noticeTables)
        }
        migrator.registerMigration("9 conflicts between partners") { db in
            try db.execute(sql: conflictTables)
        }
        migrator.registerMigration("10 keys of customers' links") { db in
            try db.execute(sql: customerKeyTables)
        }
        migrator.registerMigration("11 signed calls") { db in
            try db.execute(sql: signedCallTables)
        }
        return migrator
    }

    private static let directoryTables = """
        -- One row for each change of the directory. learned_at: microseconds since 1970-01-01 UTC.
        CREATE TABLE directory_version (
            version INTEGER PRIMARY KEY,
            learned_at INTEGER NOT NULL,
            source TEXT NOT NULL
        ) STRICT;

        -- A partner as it was from since_version on, until_version excluded; NULL: as it still is. Days are YYYY-MM-DD.
        CREATE TABLE partner_state (
            partner INTEGER NOT NULL,
            since_version INTEGER NOT NULL REFERENCES directory_version (version),
            until_version INTEGER REFERENCES directory_version (version),
            name TEXT NOT NULL,
            status TEXT NOT NULL,
            status_reason TEXT,
            account TEXT NOT NULL,
            parent INTEGER,
            agreement TEXT NOT NULL,
            email TEXT,
            language TEXT,
            valid_from TEXT,
            valid_to TEXT,
            programs TEXT NOT NULL,
            PRIMARY KEY (partner, since_version)
        ) STRICT, WITHOUT ROWID;

        -- Holds all that the front door's snapshot needs, so that loading it reads no other page, however long the history.
        -- until_version is always NULL here, yet without it SQLite 3.40 doesn't see that the index covers the query.
        CREATE INDEX partner_state_current
            ON partner_state (partner, status, status_reason, valid_from, valid_to, until_version)
            WHERE until_version IS NULL;
        """

    private static let routeTables = """
        -- Every version of a route file that was ever in force. version: the first 16 hex digits of the file's SHA-256.
        -- first_seen_at: microseconds since 1970-01-01 UTC.
        CREATE TABLE route_version (
            version TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            source TEXT NOT NULL,
            first_seen_at INTEGER NOT NULL
        ) STRICT;
        """

    private static let accountTables = """
        -- Times here are microseconds since 1970-01-01 UTC. password: see PasswordHash.
        CREATE TABLE user (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL COLLATE NOCASE UNIQUE,
            role TEXT NOT NULL,
            password TEXT NOT NULL,
            language TEXT,
            time_zone TEXT,
            created_at INTEGER NOT NULL,
            password_changed_at INTEGER NOT NULL,
            last_sign_in_at INTEGER,
            disabled INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        -- hash: SHA-256 of what the cookie holds.
        CREATE TABLE session (
            hash BLOB PRIMARY KEY,
            user INTEGER NOT NULL REFERENCES user (id),
            begun_at INTEGER NOT NULL,
            last_used_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        -- hash: SHA-256 of the secret. AUTOINCREMENT: a revoked token's number never means another one.
        CREATE TABLE token (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            hash BLOB NOT NULL UNIQUE,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            created_by TEXT NOT NULL,
            expires_at INTEGER NOT NULL,
            last_used_at INTEGER
        ) STRICT;

        -- Who read records or changed something.
        CREATE TABLE access (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            time INTEGER NOT NULL,
            who TEXT NOT NULL,
            way TEXT NOT NULL,
            action TEXT NOT NULL,
            what TEXT NOT NULL,
            address TEXT NOT NULL
        ) STRICT;
        """

    private static let keyTables = """
        -- Keys that partners' links are signed with. secret: as HMAC needs it; NULL once the key is retired. AUTOINCREMENT: a retired
        -- key's number never means another one. Versions as in partner_state.
        CREATE TABLE link_key (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            partner INTEGER NOT NULL,
            secret TEXT,
            since_version INTEGER NOT NULL REFERENCES directory_version (version),
            until_version INTEGER REFERENCES directory_version (version)
        ) STRICT;

        CREATE INDEX link_key_partner ON link_key (partner, id);
        """

    private static let noteTables = """
        -- What people wrote about a record; nothing is changed or removed. time: microseconds since 1970-01-01 UTC.
        CREATE TABLE note (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            receipt TEXT NOT NULL,
            time INTEGER NOT NULL,
            who TEXT NOT NULL,
            text TEXT NOT NULL
        ) STRICT;

        CREATE INDEX note_receipt ON note (receipt, id);
        """
}
