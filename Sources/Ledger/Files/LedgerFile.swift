import GRDB

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// How `ledger.db` is opened.
enum LedgerFile {
    static let name = "ledger.db"

    /// Marks the file as ours (`PRAGMA application_id`): "PLDG" in ASCII.
    static let applicationID = 0x504C_4447

    /// Bytes of a page, for new files; those of an earlier version keep theirs. A page holds about eight records: half as many
    /// pages to allot and to log as with SQLite's own 4 KiB, while a commit of one record still writes little.
    static let pageSize = 8_192

    /// Readers that recover a crashed writer's WAL hold it for a moment; so long does the other side wait.
    private static let busyTimeoutSeconds = 5.0

    static func path(in folder: String) -> String { folder + "/" + name }

    /// Opens the one connection that writes and checkpoints, and brings the layout up to date.
    ///
    /// The journal mode is set here and not by GRDB, which sets `synchronous = NORMAL` whenever it sets up WAL: a commit
    /// would then not be synced. The open fails unless SQLite confirms both settings.
    static func openForWriting(folder: String) throws -> DatabaseQueue {
        let path = path(in: folder)
        try DurableFile.make(path)
        var configuration = Configuration()
        configuration.label = "ledger writer"
        configuration.busyMode = .timeout(busyTimeoutSeconds)
        configuration.prepareDatabase { database in
            try requireOwnOrEmpty(database, path: path)
            try database.execute(sql: "PRAGMA page_size = \(pageSize)")
            let journalMode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = FULL")
            let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
            guard journalMode == "wal", synchronous == 2 else {
                throw LedgerError.notDurable(
                    file: path,
                    found: "journal_mode \(journalMode ?? "?"), synchronous \(synchronous.map(String.init) ?? "?")"
                )
            }
            // The writer checkpoints between commits, so that no sign-up waits for one in the middle of its own.
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
        }
        return try translatingErrors(path) {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.inDatabase { database in
                if try LedgerSchema.migrator.hasBeenSuperseded(database) {
                    throw LedgerError.newerThanProgram(file: path)
                }
                try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            }
            try LedgerSchema.migrator.migrate(queue)
            return queue
        }
    }

    /// Opens a read-only connection. A server may be writing at the same time, in this process or another.
    static func openForReading(folder: String) throws -> DatabaseQueue {
        let path = path(in: folder)
        var configuration = Configuration()
        configuration.label = "ledger reader"
        configuration.readonly = true
        configuration.busyMode = .timeout(busyTimeoutSeconds)
        guard fileExists(path) else { throw LedgerError.noLedger(folder: folder) }
        return try translatingErrors(path) {
            let queue = try DatabaseQueue(path: readingName(path, in: folder), configuration: configuration)
            try queue.read { database in
                try requireOwnOrEmpty(database, path: path)
                if try LedgerSchema.migrator.hasBeenSuperseded(database) {
                    throw LedgerError.newerThanProgram(file: path)
                }
                guard try LedgerSchema.migrator.hasCompletedMigrations(database) else {
                    throw LedgerError.olderThanProgram(file: path)
                }
            }
            return queue
        }
    }

    /// The name by which SQLite opens the file to read it.
    ///
    /// In a folder that can't be written (a backup, a read-only disk), SQLite can't make the files by which readers and a writer
    /// of a write-ahead log find each other, and refuses. Where nobody writes, none are needed: such a file is opened as one that
    /// does not change (sqlite.org/c3ref/open.html, `immutable`). Not beside a log that holds commits, which would be left out.
    private static func readingName(_ path: String, in folder: String) -> String {
        guard access(folder, W_OK) != 0, !fileExists(path + "-wal") else { return path }
        let escaped = path.utf8.reduce(into: "") { name, byte in
            if byte < 0x80, !"?#%".utf8.contains(byte) {
                name.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                // Two digits: the only characters with one are control characters, which are written as they are.
                name += "%" + String(byte, radix: 16)
            }
        }
        return "file:\(escaped)?immutable=1"
    }

    /// Runs SQLite work and gives its errors the file's name and an advice.
    static func translatingErrors<Value>(_ path: String, _ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch let error as DatabaseError {
            throw LedgerError(error, path: path)
        }
    }

    /// Checked before anything is set: a file of somebody else's must not be changed.
    private static func requireOwnOrEmpty(_ database: Database, path: String) throws {
        let id = try Int.fetchOne(database, sql: "PRAGMA application_id")
        if id == applicationID { return }
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema")
        guard id == 0, tables == 0 else { throw LedgerError.notALedger(file: path) }
    }
}

extension LedgerError {
    /// Gives an SQLite error the name of its file and an advice.
    init(_ error: DatabaseError, path: String) {
        switch error.resultCode {
        case .SQLITE_NOTADB: self = .notALedger(file: path)
        default: self = .storage(file: path, reason: error.message ?? "SQLite error \(error.extendedResultCode.rawValue)")
        }
    }
}
