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

    @Test("a small file is replaced whole, for its owner only, also when the system writes a few bytes at a time")
    func replacing() throws {
        let path = folder.path + "/small"
        let writing = Pieces(sizes: [1, -1, 3, -1, 2])
        for text in ["a first text", "another"] {
            try DurableFile.replace(path, with: Array(text.utf8), write: writing.write)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
        }
        #expect(writing.sizes.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["small"])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("a small file that cannot be written whole stays as it was, and the reason is told", arguments: [0, -1])
    func notReplaced(last: Int) throws {
        let path = folder.path + "/small"
        try DurableFile.replace(path, with: [1, 2, 3])
        let writing = Pieces(sizes: [2, last], code: ENOSPC)
        let error = #expect(throws: LedgerError.self) {
            try DurableFile.replace(path, with: [4, 5, 6, 7], write: writing.write)
        }
        let reason = last == 0 ? "nothing more can be written" : String(cString: strerror(ENOSPC))
        #expect(error == .storage(file: path + ".new", reason: reason))
        #expect(FileManager.default.contents(atPath: path) == Data([1, 2, 3]))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["small"])
    }

    @Test("a folder that cannot be synced is no place for a file")
    func unsyncedFolder() throws {
        let missing = folder.path + "/none"
        let error = #expect(throws: LedgerError.self) { try DurableFile.syncFolder(of: missing + "/file") }
        let reason = "the folder cannot be synced: \(String(cString: strerror(ENOENT)))"
        #expect(error == .notDurable(file: missing, found: reason))
        #expect(throws: LedgerError.notDurable(file: "x", found: "y")) {
            try DataFolderLock.makeFolder(folder.path + "/d") { _ throws(LedgerError) in
                throw .notDurable(file: "x", found: "y")
            }
        }
    }

    #if os(Linux)
    @Test("a file system that does not sync folders is refused")
    func unsyncableFolder() throws {
        // procfs has no fsync: EINVAL, as fsync(2) says of what cannot be synced.
        let error = #expect(throws: LedgerError.self) { try DurableFile.make("/proc/self/comm") }
        #expect(error == .notDurable(file: "/proc/self", found: "the folder cannot be synced: Invalid argument"))
        #expect(error?.description.contains("put the data folder on a local file system") == true)
    }
    #endif

    @Test(
        "a file has a folder, however its path is written",
        arguments: [("file", "."), ("/file", "/"), ("a/file", "a"), ("/a/b/file", "/a/b")]
    )
    func folder(path: String, folder: String) {
        #expect(DurableFile.folder(of: path) == folder)
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

    @Test("a new file has pages of 8 KiB; one that was made with others keeps them", arguments: [nil, 4_096])
    func pageSize(existing: Int?) throws {
        if let existing {
            let queue = try DatabaseQueue(path: folder.ledger)
            try queue.inDatabase { database in
                try database.execute(sql: "PRAGMA page_size = \(existing)")
                try database.execute(sql: "PRAGMA application_id = \(LedgerFile.applicationID)")
            }
            try queue.close()
        }
        try writeLedger(folder, (1...2_000).map { .sample($0) })
        #expect(try value(folder, "PRAGMA page_size") == Int64(existing ?? 8_192))
        #expect(try LedgerReader.open(folder: folder.path).verify().isSound)
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
        #expect(largest < 2 * CheckpointPacing.mostBytes)
        writer.close()
        #expect(try LedgerReader.open(folder: folder.path).verify().isSound)
    }
}

/// Writes for real, but at most so many bytes at a time; -1 fails once, without the bytes, and 0 writes nothing.
private final class Pieces {
    private(set) var sizes: [Int]
    private let code: Int32

    init(sizes: [Int], code: Int32 = EINTR) {
        self.sizes = sizes
        self.code = code
    }

    func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        let size = sizes.isEmpty ? count : sizes.removeFirst()
        if size < 0 {
            errno = code
            return -1
        }
        return DurableFile.systemWrite(descriptor, bytes, min(size, count))
    }
}
