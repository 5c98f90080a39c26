import Attribution
import Foundation
import GRDB
import Testing

@testable import Ledger

@Suite("Files")
struct FileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("a folder has one lock, a second is refused with the holder's number, and a released one is free")
    func lock() throws {
        let path = folder.path + "/data/deeper"
        let first = try DataFolderLock.acquire(folder: path)
        let error = #expect(throws: LedgerError.self) { try DataFolderLock.acquire(folder: path) }
        #expect(error == .folderInUse(folder: path, process: getpid()))
        #expect(error?.description.contains("--data") == true)
        first.release()
        first.release()
        let second = try DataFolderLock.acquire(folder: path)
        #expect(second.folder == path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o700)
    }

    @Test("each folder that is made gets a durable entry in its parent, and the data folder always")
    func folderEntries() throws {
        var synced: [String] = []
        let path = folder.path + "/a/b//c"
        try DataFolderLock.makeFolder(path + "/") { synced.append($0) }
        #expect(synced == [folder.path + "/a", folder.path + "/a/b", path])
        var isFolder: ObjCBool = false
        #expect(FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue)

        synced = []
        try DataFolderLock.makeFolder(path) { synced.append($0) }
        #expect(synced == [path])

        synced = []
        try writeLedger(folder, [.sample(1)])
        #expect(throws: LedgerError.self) { try DataFolderLock.makeFolder(folder.ledger + "/d") { synced.append($0) } }
        #expect(synced == [])
    }

    @Test("commits are synced: WAL, synchronous FULL, no checkpoints of SQLite's own, readable by the owner only")
    func durability() throws {
        let queue = try LedgerFile.openForWriting(folder: folder.path)
        try queue.inDatabase { database in
            let journalMode = try String.fetchOne(database, sql: "PRAGMA journal_mode")
            let synchronous = try Int.fetchOne(database, sql: "PRAGMA synchronous")
            let autocheckpoint = try Int.fetchOne(database, sql: "PRAGMA wal_autocheckpoint")
            #expect(journalMode == "wal" && synchronous == 2 && autocheckpoint == 0)
        }
        for file in ["ledger.db", "ledger.db-wal"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + file)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test("a file of a newer program is refused, to write and to read, and stays as it is")
    func newer() throws {
        try writeLedger(folder, [.sample(1)])
        try tamper(folder, "INSERT INTO grdb_migrations VALUES ('2099')")
        let expected = LedgerError.newerThanProgram(file: folder.ledger)
        #expect(throws: expected) { try LedgerWriter.open(folder) }
        #expect(throws: expected) { try LedgerReader.open(folder: folder.path) }
        #expect(try value(folder, "SELECT count(*) FROM record") == 1)
    }

    @Test("a file of an older program is left to the writer")
    func older() throws {
        try writeLedger(folder, [.sample(1)])
        try tamper(folder, "DELETE FROM grdb_migrations")
        #expect(throws: LedgerError.olderThanProgram(file: folder.ledger)) { try LedgerReader.open(folder: folder.path) }
    }

    @Test("a database of something else is refused and not changed")
    func foreign() throws {
        try DatabaseQueue(path: folder.ledger).write { try $0.execute(sql: "CREATE TABLE mine (x)") }
        let before = try Data(contentsOf: URL(filePath: folder.ledger))
        let expected = LedgerError.notALedger(file: folder.ledger)
        #expect(throws: expected) { try LedgerWriter.open(folder) }
        #expect(throws: expected) { try LedgerReader.open(folder: folder.path) }
        #expect(try Data(contentsOf: URL(filePath: folder.ledger)) == before)
    }

    @Test("a file that is no database is refused")
    func noDatabase() throws {
        try Data(repeating: 0x41, count: 5_000).write(to: URL(filePath: folder.ledger))
        #expect(throws: LedgerError.notALedger(file: folder.ledger)) { try LedgerWriter.open(folder) }
        #expect(throws: LedgerError.notALedger(file: folder.ledger)) { try LedgerReader.open(folder: folder.path) }
    }

    @Test("a folder without a ledger is said so")
    func missing() throws {
        #expect(throws: LedgerError.noLedger(folder: folder.path)) { try LedgerReader.open(folder: folder.path) }
        #expect(!FileManager.default.fileExists(atPath: folder.ledger))
    }

    @Test("the write-ahead log is copied into the file when it has grown, and begins anew")
    func checkpoints() throws {
        let writer = try LedgerWriter.open(folder)
        var largest = 0
        let long = String(repeating: "x", count: 3_000)
        for round in 0..<40 {
            let drafts = (0..<250).map { number in
                RecordDraft.sample(UInt64(round * 250 + number)) { $0.personal.fields.location = long }
            }
            try writer.appendAndWait(drafts)
            let size = try FileManager.default.attributesOfItem(atPath: folder.ledger + "-wal")[.size] as? Int ?? 0
            largest = max(largest, size)
        }
        #expect(writer.statistics.checkpoints >= 2)
        #expect(largest < 2 * Int(WriteAheadLog.checkpointPages) * 4_120)
        writer.close()
        #expect(try LedgerReader.open(folder: folder.path).verify().isSound)
    }
}
