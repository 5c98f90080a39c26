internal import GRDB
internal import GRDBSQLite

/// BEGIN, COMMIT and ROLLBACK, prepared once.
struct RawTransaction {
    private let database: Database
    private let begin: Statement
    private let commit: Statement
    private let rollback: Statement

    init(_ database: Database) throws {
        self.database = database
        begin = try database.makeStatement(sql: "BEGIN IMMEDIATE")
        commit = try database.makeStatement(sql: "COMMIT")
        rollback = try database.makeStatement(sql: "ROLLBACK")
    }

    /// Runs the work in one transaction. When this returns, the disk has it; when it throws, nothing of it happened.
    ///
    /// - Parameter beforeCommit: runs last; what it throws rolls back as well.
    func run(beforeCommit: (() throws -> Void)? = nil, _ work: () throws -> Void) throws {
        try database.step(begin)
        do {
            try work()
            try beforeCommit?()
            try database.step(commit)
        } catch {
            // Some errors (a full disk) make SQLite roll back by itself.
            if sqlite3_get_autocommit(database.sqliteConnection) == 0 { try? database.step(rollback) }
            throw error
        }
    }
}

extension Database {
    /// Runs a statement that gives no rows, and makes it ready for the next time.
    func step(_ statement: Statement) throws {
        let code = sqlite3_step(statement.sqliteStatement)
        let message = code == SQLITE_DONE ? nil : lastErrorMessage
        sqlite3_reset(statement.sqliteStatement)
        guard code == SQLITE_DONE else { throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message) }
    }
}
