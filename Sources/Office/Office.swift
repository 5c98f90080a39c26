import Foundation
package import GRDB

/// `office.db`: the directory's history and the versions of the route files; what is not hot.
///
/// One process at a time opens it for writing, the one that holds the data folder's lock. Others may read beside it.
/// Calls block while SQLite works; they may come from any thread.
package final class Office: Sendable {
    private let database: any DatabaseWriter
    private let path: String

    package static let fileName = "office.db"

    /// A reader may have to wait for the writer's checkpoint to end; longer means that something is wrong.
    private static let busyTimeoutSeconds: TimeInterval = 5

    private init(_ database: any DatabaseWriter, path: String) {
        self.database = database
        self.path = path
    }

    /// Runs `body` in a read transaction. What SQLite throws becomes ``OfficeError`` `storage`; other errors pass.
    package func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try Self.translatingErrors(path) { try database.read(body) }
    }

    /// Runs `body` in a write transaction, which is rolled back when it throws. Errors as with ``read(_:)``.
    ///
    /// Only for what nobody did: that something was used, which route files were seen, that a mail was sent. What somebody changes
    /// goes through ``change(by:_:at:_:)``, which leaves no change without its line in the access log.
    package func writeUnnoted<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try Self.translatingErrors(path) { try database.write(body) }
    }

    /// Opens the folder's office for reading and writing; makes folder and file when they are missing. The caller holds the
    /// data folder's lock.
    ///
    /// - Throws: ``OfficeError``.
    package static func open(folder: String) throws -> Office {
        let path = folder + "/" + fileName
        try createFile(at: path, in: folder)
        return try translatingErrors(path) {
            var configuration = Configuration()
            configuration.busyMode = .timeout(busyTimeoutSeconds)
            configuration.prepareDatabase { db in
                try check(db, path: path)
                try setUpDurability(db)
                try setUpErasure(db)
            }
            // Who looks through a long list keeps nobody from reading beside them.
            let database = try DatabasePool(path: path, configuration: configuration)
            try OfficeSchema.migrator.migrate(database)
            return Office(database, path: path)
        }
    }

    /// Opens the folder's office for reading, beside a server or without one; also in a folder that can't be written, such as a
    /// backup on a read-only disk. A folder without a file is an empty office.
    ///
    /// - Throws: ``OfficeError``.
    package static func openReadOnly(folder: String) throws -> Office {
        try openReadOnly(folder: folder, canWrite: FileManager.default.isWritableFile(atPath: folder))
    }

    /// - Parameter canWrite: whether the folder can be written. Tests say so themselves: root may write everywhere.
    static func openReadOnly(folder: String, canWrite: Bool) throws -> Office {
        let path = folder + "/" + fileName
        guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int, size > 0 else {
            return try empty()
        }
        return try translatingErrors(path) {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(busyTimeoutSeconds)
            let database = try DatabaseQueue(
                path: canWrite ? path : nameWhereNobodyWrites(path), configuration: configuration)
            try database.read { db in
                try check(db, path: path)
                guard try OfficeSchema.migrator.hasCompletedMigrations(db) else {
                    throw OfficeError(
                        .olderSchema,
                        "\(path) was written by an older porter; start this version's `porter serve` once to convert it")
                }
            }
            return Office(database, path: path)
        }
    }

    /// An office in memory.
    package static func empty() throws -> Office {
        let database = try DatabaseQueue()
        try OfficeSchema.migrator.migrate(database)
        return Office(database, path: "an office in memory")
    }

    /// Closes the file; later calls throw.
    package func close() throws {
        try database.close()
    }
}

extension Office {
    /// The name by which SQLite opens a file that it could make no file beside.
    ///
    /// Reading a file in WAL mode takes the files by which readers and a writer find each other, and where they can't be made
    /// SQLite refuses. Where nobody writes, none are needed: such a file is opened as one that does not change
    /// (sqlite.org/c3ref/open.html, `immutable`). Not beside a log that holds commits, which would be left out.
    ///
    /// SQLite reads the name as a URI because Debian's is built with `SQLITE_USE_URI`. One that is not finds no file of that
    /// name, and says so.
    private static func nameWhereNobodyWrites(_ path: String) -> String {
        if FileManager.default.fileExists(atPath: path + "-wal") { return path }
        return URL(fileURLWithPath: path).absoluteString + "?immutable=1"
    }

    /// The office holds addresses and later password hashes: its owner alone may read it. SQLite gives its other files the
    /// same mode.
    private static func createFile(at path: String, in folder: String) throws {
        let files = FileManager.default
        if files.fileExists(atPath: path) { return }
        do {
            try files.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw OfficeError(.folder, "the data folder \(folder) can't be made: \(error.localizedDescription); check --data")
        }
        guard files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw OfficeError(.folder, "\(path) can't be made; check that you may write to the data folder")
        }
    }

    /// A change that was confirmed survives a power cut: each commit is synced (FULL), as GRDB by itself would not.
    private static func setUpDurability(_ db: Database) throws {
        try db.execute(sql: "PRAGMA journal_mode = WAL")
        try db.execute(sql: "PRAGMA synchronous = FULL")
        guard try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal", try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2
        else { throw OfficeError(.folder, "SQLite doesn't sync its commits in this folder; use a local disk for --data") }
    }

    /// What is deleted or replaced is overwritten with zeros, not left in the file's free space: secrets of retired keys, sessions that
    /// have ended. Debian's SQLite does so by itself, but others don't. The log beside the file keeps its older pages until it is
    /// written over, or the office is closed.
    private static func setUpErasure(_ db: Database) throws {
        try db.execute(sql: "PRAGMA secure_delete = ON")
    }

    /// Refuses what this program can't know.
    private static func check(_ db: Database, path: String) throws {
        let identifier = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        if identifier != OfficeSchema.applicationID {
            let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
            guard identifier == 0, tables == 0 else { throw foreignFile(path) }
        } else if try OfficeSchema.migrator.hasBeenSuperseded(db) {
            throw OfficeError(
                .newerSchema,
                "\(path) was written by a newer porter; use that version, or restore a backup made by this one")
        }
    }

    private static func translatingErrors<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_NOTADB:
                throw foreignFile(path)
            case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_READONLY:
                throw OfficeError(
                    .folder,
                    "\(path) can't be opened: \(error.message ?? "unknown"); check who may read and write the data folder")
            default:
                throw OfficeError(
                    .storage, "\(path): \(error.message ?? "SQLite error \(error.resultCode)"); check the disk and the file")
            }
        }
    }

    private static func foreignFile(_ path: String) -> OfficeError {
        OfficeError(.notAnOffice, "\(path) is not porter's office database; move it away, or point --data at another folder")
    }
}
