import GRDB

extension Database {
    func pageCount() throws -> Int { try Int.fetchOne(self, sql: "PRAGMA page_count") ?? 0 }

    func limitPages(to count: Int) throws { try execute(sql: "PRAGMA max_page_count = \(count)") }
}

/// Changes a ledger as somebody with write access to the file could.
func tamper(_ folder: TemporaryFolder, _ sql: String) throws {
    try DatabaseQueue(path: folder.ledger).write { try $0.execute(sql: sql) }
}

func value(_ folder: TemporaryFolder, _ sql: String) throws -> Int64? {
    try DatabaseQueue(path: folder.ledger).read { try Int64.fetchOne($0, sql: sql) }
}
