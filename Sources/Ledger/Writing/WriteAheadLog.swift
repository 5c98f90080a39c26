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
    private var pacing: CheckpointPacing
    private var lastTriedAt: Int32 = 0

    init(_ database: Database) throws {
        self.database = database
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
        if pages.pointee < lastTriedAt { lastTriedAt = 0 }
        let begin = DispatchTime.now().uptimeNanoseconds
        let isDue =
            lastTriedAt == 0
            ? pacing.isDue(pages: pages.pointee, at: begin) : pages.pointee >= lastTriedAt + retryPages
        guard isDue else { return false }
        lastTriedAt = pages.pointee
        try checkpoint(SQLITE_CHECKPOINT_PASSIVE)
        pacing.noteCheckpoint(from: begin, to: DispatchTime.now().uptimeNanoseconds)
        return true
    }

    /// Empties the log as far as readers let it.
    func checkpointAtEnd() throws {
        sqlite3_busy_timeout(database.sqliteConnection, Self.finalBusyMilliseconds)
        try checkpoint(SQLITE_CHECKPOINT_TRUNCATE)
    }

    private func checkpoint(_ mode: Int32) throws {
        let code = sqlite3_wal_checkpoint_v2(database.sqliteConnection, nil, mode, nil, nil)
        guard code == SQLITE_OK || code & 0xFF == SQLITE_BUSY else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage)
        }
    }
}
