import GRDB

/// The tables of `ledger.db`, version by version. A migration that was released is never changed.
///
/// `record` is the ledger; all other tables are derived from it, or are notes about requests that are no records.
enum LedgerSchema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(sql: records)
            try database.execute(sql: counters)
            try database.execute(sql: strays)
        }
        migrator.registerMigration("2") { database in
            for table in ["counter", "place_counter"] {
                try database.execute(sql: "ALTER TABLE \(table) ADD COLUMN adjusted INTEGER NOT NULL DEFAULT 0")
            }
            // Adjustments among the records up to counted_through.
            try database.execute(sql: "ALTER TABLE state ADD COLUMN adjustments INTEGER NOT NULL DEFAULT 0")
        }
        // Leaves may have the member `signature` from here on. No table changes, but a program that does not know it would take
        // such a record for a damaged one.
        migrator.registerMigration("3") { _ in }
        migrator.registerMigration("4") { database in
            try database.execute(sql: handshakesByWindows)
        }
        migrator.registerMigration("5") { database in
            // Associations among the records up to counted_through. Records may be of that kind from here on.
            try database.execute(sql: "ALTER TABLE state ADD COLUMN associations INTEGER NOT NULL DEFAULT 0")
        }
        return migrator
    }()

    /// No column per field and no index: both would double what a record costs. What needs an index is kept elsewhere.
    private static let records = """
        CREATE TABLE record (
            seq      INTEGER PRIMARY KEY,  -- from 1, without gaps, in the order of commits
            leaf     BLOB NOT NULL,        -- the record without personal fields: canonical JSON
            hash     BLOB NOT NULL,        -- SHA-256(0x00 || leaf)
            listed   INTEGER NOT NULL,     -- 1: the partner was in the directory, so counters name it
            salt     BLOB,                 -- 32 random bytes; NULL once erased
            personal BLOB                  -- canonical JSON; NULL once erased
        ) STRICT;

        CREATE TABLE state (
            id              INTEGER PRIMARY KEY CHECK (id = 1),
            counted_through INTEGER NOT NULL,           -- the derived tables hold the records up to this seq
            probes          INTEGER NOT NULL DEFAULT 0  -- commits made only to see whether commits succeed
        ) STRICT;
        INSERT INTO state (id, counted_through) VALUES (1, 0);

        -- When the records of a stretch of seq were made: which stretches a look-up by time has to read.
        CREATE TABLE span (
            first_seq INTEGER PRIMARY KEY,
            last_seq  INTEGER NOT NULL,
            earliest  INTEGER NOT NULL,  -- microseconds since 1970, UTC
            latest    INTEGER NOT NULL
        ) STRICT;

        -- Visits of the current visitor day, so that a restart recognises repeats without reading the day again.
        CREATE TABLE seen_visit (
            through      INTEGER PRIMARY KEY,  -- seq of the last record of the portion
            fingerprints BLOB NOT NULL         -- 8 bytes each, big-endian
        ) STRICT;
        """

    /// `bucket` counts quarter hours since 1970-01-01T00:00Z, `day` days. Absent values are the empty text.
    private static let counters = """
        CREATE TABLE counter (
            bucket        INTEGER NOT NULL,
            route         TEXT NOT NULL,
            edition       TEXT NOT NULL,
            action        TEXT NOT NULL,
            origin        TEXT NOT NULL,
            campaign      TEXT NOT NULL,
            outcome       TEXT NOT NULL,
            reason        TEXT NOT NULL,
            partner       TEXT NOT NULL,  -- only IDs that are in the directory
            client        TEXT NOT NULL,
            client_os     TEXT NOT NULL,
            requests      INTEGER NOT NULL,
            visits        INTEGER NOT NULL,
            unique_visits INTEGER NOT NULL,
            attributed    INTEGER NOT NULL,
            PRIMARY KEY (bucket, route, edition, action, origin, campaign, outcome, reason, partner, client, client_os)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE place_counter (
            day           INTEGER NOT NULL,
            culture       TEXT NOT NULL,
            country       TEXT NOT NULL,
            requests      INTEGER NOT NULL,
            visits        INTEGER NOT NULL,
            unique_visits INTEGER NOT NULL,
            attributed    INTEGER NOT NULL,
            PRIMARY KEY (day, culture, country)
        ) STRICT, WITHOUT ROWID;
        """

    /// Of what was noted before, nobody knows the release.
    private static let handshakesByWindows = """
        CREATE TABLE handshake (
            day             INTEGER NOT NULL,
            reason          TEXT NOT NULL,
            server_name     TEXT NOT NULL,
            offered_version TEXT NOT NULL,
            windows         TEXT NOT NULL,
            connections     INTEGER NOT NULL,
            earliest        INTEGER NOT NULL,
            latest          INTEGER NOT NULL,
            PRIMARY KEY (day, reason, server_name, offered_version, windows)
        ) STRICT, WITHOUT ROWID;

        INSERT INTO handshake
            SELECT day, reason, server_name, offered_version, '', connections, earliest, latest FROM failed_handshake;
        DROP TABLE failed_handshake;
        ALTER TABLE handshake RENAME TO failed_handshake;
        """

    private static let strays = """
        CREATE TABLE unmatched_path (
            day      INTEGER NOT NULL,
            path     TEXT NOT NULL,
            requests INTEGER NOT NULL,
            earliest INTEGER NOT NULL,
            latest   INTEGER NOT NULL,
            PRIMARY KEY (day, path)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE failed_handshake (
            day             INTEGER NOT NULL,
            reason          TEXT NOT NULL,
            server_name     TEXT NOT NULL,
            offered_version TEXT NOT NULL,
            connections     INTEGER NOT NULL,
            earliest        INTEGER NOT NULL,
            latest          INTEGER NOT NULL,
            PRIMARY KEY (day, reason, server_name, offered_version)
        ) STRICT, WITHOUT ROWID;
        """
}
