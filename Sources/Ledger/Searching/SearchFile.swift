internal import Attribution
import Foundation
internal import GRDB
internal import Logging

/// How `search.db` is opened: what makes look-ups fast, all of it taken from the ledger, and made anew whenever it does not fit
/// it. It needs no backup.
enum SearchFile {
    static let name = "search.db"

    /// Marks the file as ours (`PRAGMA application_id`): "PSRC" in ASCII.
    private static let applicationID = 0x5053_5243
    /// Another number makes programs of another version start the file anew.
    private static let layout = 6
    private static let busyTimeoutSeconds = 5.0
    /// What a page asks for is mostly kilobytes in one place: larger pages are fewer reads.
    private static let pageBytes = 16 << 10
    /// After so many pages what was written goes from the write-ahead log into the file.
    private static let checkpointPages = 256

    static func path(in folder: String) -> String { folder + "/" + name }

    private static let schema = """
        -- Segments that are indexed; last_hash is the leaf hash of the segment's last record: which ledger this is about.
        CREATE TABLE segment (
            number    INTEGER PRIMARY KEY,
            last_hash BLOB NOT NULL
        ) STRICT;

        -- Where in a segment a field has a value: see PlaceSet.
        CREATE TABLE posting (
            segment INTEGER NOT NULL,
            field   INTEGER NOT NULL,
            value   TEXT NOT NULL,
            places  BLOB NOT NULL,
            PRIMARY KEY (segment, field, value)
        ) STRICT, WITHOUT ROWID;

        -- Well-formed IDs that were not in the directory, by UTC day.
        CREATE TABLE unknown_ids (
            day  INTEGER PRIMARY KEY,  -- since 1970-01-01
            data BLOB NOT NULL         -- see UnknownIDs
        ) STRICT;

        -- UTC days whose counters are kept by columns as well, before which quarter hour, and the records that these count.
        CREATE TABLE archived_day (
            day             INTEGER PRIMARY KEY,  -- since 1970-01-01
            until           INTEGER NOT NULL,     -- quarter hours since then
            counted_through INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE archived_column (
            day  INTEGER NOT NULL,
            name TEXT NOT NULL,
            data BLOB NOT NULL,  -- see ArchivedColumn
            PRIMARY KEY (day, name)
        ) STRICT, WITHOUT ROWID;

        -- The same counters added up by some of the columns: see ArchivedSums. A question asks for the same sums of many days.
        CREATE TABLE archived_sum (
            name TEXT NOT NULL,
            day  INTEGER NOT NULL,
            data BLOB NOT NULL,  -- see ArchivedRows
            PRIMARY KEY (name, day)
        ) STRICT, WITHOUT ROWID;

        -- The values that columns name by numbers, from 0 on.
        CREATE TABLE archived_value (
            name   TEXT NOT NULL,
            number INTEGER NOT NULL,
            value  TEXT NOT NULL,
            PRIMARY KEY (name, number)
        ) STRICT, WITHOUT ROWID;
        """

    /// Opens the file for the one connection that writes it, anew if it is not of this version or damaged.
    static func openForWriting(folder: String, _ logger: Logger) throws -> DatabaseQueue {
        let path = path(in: folder)
        return try LedgerFile.translatingErrors(path) {
            do {
                return try openOrMake(path)
            } catch is Outdated {
                try remove(folder: folder, which: .isOfAnotherVersion, logger)
            } catch let error as DatabaseError where [.SQLITE_NOTADB, .SQLITE_CORRUPT].contains(error.resultCode) {
                try remove(folder: folder, which: .wasDamaged, logger)
            }
            return try openOrMake(path)
        }
    }

    /// Why an index is of no use, in the log's words.
    enum Fault: String {
        case wasDamaged = "was damaged"
        case isOfAnotherVersion = "is of another version"
        case isOfAnotherLedger = "was made from another ledger"
    }

    /// Removes the file; it is made anew by whoever writes it next. Nothing is lost: the ledger has it all.
    static func remove(folder: String, which fault: Fault, _ logger: Logger) throws {
        for suffix in ["", "-wal", "-shm"] {
            let file = path(in: folder) + suffix
            if FileManager.default.fileExists(atPath: file) { try FileManager.default.removeItem(atPath: file) }
        }
        logger.notice("the search index \(fault.rawValue) and is made anew")
    }

    private struct Outdated: Error {}

    private static func openOrMake(_ path: String) throws -> DatabaseQueue {
        try DurableFile.make(path)
        var configuration = Configuration()
        configuration.label = "search writer"
        configuration.busyMode = .timeout(busyTimeoutSeconds)
        configuration.prepareDatabase { database in
            // What a power cut takes is made again.
            try database.execute(
                sql: """
                    PRAGMA page_size = \(pageBytes); PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
                    PRAGMA wal_autocheckpoint = \(checkpointPages)
                    """)
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.write { database in
            if try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0 {
                try database.execute(sql: schema)
                try database.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(layout)")
            }
            guard try isOurs(database) else { throw Outdated() }
        }
        return queue
    }

    /// Opens the file beside the one who writes it; nil when there is none that could be used.
    static func openForReading(folder: String) -> DatabaseQueue? {
        let path = path(in: folder)
        guard fileExists(path) else { return nil }
        var configuration = Configuration()
        configuration.label = "search reader"
        configuration.readonly = true
        configuration.busyMode = .timeout(busyTimeoutSeconds)
        guard let queue = try? DatabaseQueue(path: path, configuration: configuration),
            (try? queue.read(isOurs)) == true
        else { return nil }
        return queue
    }

    private static func isOurs(_ database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "PRAGMA application_id") == applicationID
            && Int.fetchOne(database, sql: "PRAGMA user_version") == layout
    }
}
