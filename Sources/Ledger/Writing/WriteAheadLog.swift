internal import Dispatch
import Foundation
internal import GRDB
internal import GRDBSQLite

/// Copies the write-ahead log into the file between commits, so that none of SQLite's own checkpoints falls into one.
///
/// The connection that writes is the only one that checkpoints: SQLite before 3.51.3 can damage a file when one connection
/// starts the log anew while another checkpoints (sqlite.org, "WAL-reset bug").
final class WriteAheadLog {
    /// Bytes of pages that make the next checkpoint due when a reader, or a failure, kept the last from copying everything.
    static let retryBytes = 1 << 20
    /// The last checkpoint, at the end, waits so long for readers and no longer: ending must not depend on them.
    private static let finalBusyMilliseconds: Int32 = 200

    /// What became of the log.
    enum Copying {
        case notDue
        /// A reader kept some of it.
        case held
        case copied
    }

    private let database: Database
    private let pageSize: Int
    /// In the log before pages were counted.
    private var pagesBefore: Int32 = 0
    private let retryPages: Int32
    private let now: () -> UInt64
    private var pacing: CheckpointPacing
    /// Whether the last checkpoint left something in the log.
    private var isHeld = false

    /// - Parameter now: nanoseconds of a clock that does not step.
    init(_ database: Database, now: @escaping () -> UInt64 = { DispatchTime.now().uptimeNanoseconds }) throws {
        self.database = database
        self.now = now
        pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? LedgerFile.pageSize
        retryPages = Int32(Self.retryBytes / pageSize)
        pacing = CheckpointPacing(pageSize: pageSize)
        // What made the tables, or what a server left that was killed.
        countAnew()
    }

    /// Takes all that the log's file can hold for written: at the beginning, and after a commit that failed, for then SQLite's count
    /// is undefined (sqlite3.h, `SQLITE_DBSTATUS_CACHE_WRITE`). At worst the log is copied sooner than it need be.
    func countAnew() {
        let path = sqlite3_db_filename(database.sqliteConnection, "main").map { String(cString: $0) + "-wal" }
        let attributes = path.flatMap { try? FileManager.default.attributesOfItem(atPath: $0) }
        pagesBefore = Int32(clamping: (attributes?[.size] as? Int ?? 0) / pageSize)
        _ = writtenPages(andForget: true)
    }

    /// Checkpoints when enough has come into the log since the last time. What readers still need stays for the next.
    func checkpointIfDue() throws -> Copying {
        let begin = now()
        let pages = pagesBefore + writtenPages(andForget: false)
        guard isHeld ? pages >= retryPages : pacing.isDue(pages: pages, at: begin) else { return .notDue }
        _ = writtenPages(andForget: true)
        pagesBefore = 0
        defer { pacing.noteCheckpoint(from: begin, to: now()) }
        isHeld = true
        isHeld = try !checkpoint(SQLITE_CHECKPOINT_PASSIVE)
        return isHeld ? .held : .copied
    }

    /// Empties the log as far as readers let it.
    func checkpointAtEnd() throws {
        sqlite3_busy_timeout(database.sqliteConnection, Self.finalBusyMilliseconds)
        _ = try checkpoint(SQLITE_CHECKPOINT_TRUNCATE)
    }

    /// Pages that this connection has written to the log since they were forgotten. How long the log is does not tell: it may have
    /// begun anew meanwhile.
    private func writtenPages(andForget forgets: Bool) -> Int32 {
        var pages: Int32 = 0
        var unused: Int32 = 0
        sqlite3_db_status(database.sqliteConnection, SQLITE_DBSTATUS_CACHE_WRITE, &pages, &unused, forgets ? 1 : 0)
        return pages
    }

    /// - Returns: whether all of the log was copied.
    private func checkpoint(_ mode: Int32) throws -> Bool {
        var all: Int32 = 0
        var copied: Int32 = 0
        let code = sqlite3_wal_checkpoint_v2(database.sqliteConnection, nil, mode, &all, &copied)
        guard code == SQLITE_OK || code & 0xFF == SQLITE_BUSY else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage)
        }
        return code == SQLITE_OK && copied == all
    }
}
