internal import Dispatch
internal import GRDB
internal import GRDBSQLite

/// Copies the write-ahead log into the file between commits, so that none of SQLite's own checkpoints falls into one.
///
/// The connection that writes is the only one that checkpoints: SQLite before 3.51.3 can damage a file when one connection
/// starts the log anew while another checkpoints (sqlite.org, "WAL-reset bug").
final class WriteAheadLog {
    /// Bytes of pages that make the next checkpoint due when a reader kept the last from finishing.
    static let retryBytes = 1 << 20
    /// The last checkpoint, at the end, waits so long for readers and no longer: ending must not depend on them.
    private static let finalBusyMilliseconds: Int32 = 200

    private let database: Database
    /// Written by SQLite's hook after each commit, on the thread that commits.
    private let pages: UnsafeMutablePointer<Int32>
    private let retryPages: Int32
    private let now: () -> UInt64
    private var pacing: CheckpointPacing
    /// Pages in the log at the last checkpoint; 0 once it has begun anew.
    private var triedAt: Int32 = 0
    /// Whether a reader kept some of them from being copied.
    private var isHeld = false

    /// - Parameter now: nanoseconds of a clock that does not step.
    init(_ database: Database, now: @escaping () -> UInt64 = { DispatchTime.now().uptimeNanoseconds }) throws {
        self.database = database
        self.now = now
        let pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? LedgerFile.pageSize
        retryPages = Int32(Self.retryBytes / pageSize)
        pacing = CheckpointPacing(pageSize: pageSize)
        pages = .allocate(capacity: 1)
        pages.initialize(to: 0)
        sqlite3_wal_hook(
            database.sqliteConnection,
            { context, _, _, pages in
                context?.assumingMemoryBound(to: Int32.self).pointee = pages
                return SQLITE_OK
            },
            pages
        )
    }

    deinit {
        sqlite3_wal_hook(database.sqliteConnection, nil, nil)
        pages.deallocate()
    }

    /// Checkpoints when the log has grown enough. What readers still need stays for the next time.
    ///
    /// - Returns: whether it did.
    func checkpointIfDue() throws -> Bool {
        // A log that begins anew with a commit as large as all it held looks as if it went on: what is new is then taken for less.
        if pages.pointee < triedAt { (triedAt, isHeld) = (0, false) }
        let new = pages.pointee - triedAt
        let begin = now()
        guard isHeld ? new >= retryPages : pacing.isDue(pages: new, at: begin) else { return false }
        triedAt = pages.pointee
        isHeld = try !checkpoint(SQLITE_CHECKPOINT_PASSIVE)
        pacing.noteCheckpoint(from: begin, to: now())
        return true
    }

    /// Empties the log as far as readers let it.
    func checkpointAtEnd() throws {
        sqlite3_busy_timeout(database.sqliteConnection, Self.finalBusyMilliseconds)
        _ = try checkpoint(SQLITE_CHECKPOINT_TRUNCATE)
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
