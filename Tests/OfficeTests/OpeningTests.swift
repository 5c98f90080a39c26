import Attribution
import Foundation
import GRDB
import Testing

@testable import Office

@Suite("The office opens its own files and refuses others")
struct OpeningTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func change(_ sql: String) throws {
        let database = try DatabaseQueue(path: folder.officePath)
        try database.write { try $0.execute(sql: sql) }
        try database.close()
    }

    private func code(_ body: () throws -> Office) -> OfficeError.Code? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? OfficeError)?.code
        }
    }

    @Test("the file is its owner's alone, and so are those beside it")
    func mode() throws {
        let office = try Office.open(folder: folder.path)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(name)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count > 1)
        try office.close()
    }

    @Test("a folder that is missing is made")
    func makesFolder() throws {
        let path = folder.path + "/a/b"
        try Office.open(folder: path).importText("id,name,status\n1,A,active\n")
        #expect(try Office.openReadOnly(folder: path).currentDirectory().count == 1)
    }

    @Test("a folder that can't be made is an error that names it")
    func unmakableFolder() throws {
        try Data().write(to: URL(fileURLWithPath: folder.path + "/file"))
        #expect(code { try Office.open(folder: folder.path + "/file/x") } == .folder)
    }

    @Test("a file that a newer porter wrote is refused, to write and to read")
    func newer() throws {
        try Office.open(folder: folder.path).close()
        try change("INSERT INTO grdb_migrations (identifier) VALUES ('999 from the future')")
        #expect(code { try Office.open(folder: folder.path) } == .newerSchema)
        #expect(code { try Office.openReadOnly(folder: folder.path) } == .newerSchema)
        let error = #expect(throws: OfficeError.self) { try Office.open(folder: folder.path) }
        #expect(error?.message.contains(folder.officePath) == true)
        #expect(error?.message.contains("newer porter") == true)
    }

    @Test("a file that an older porter wrote is not read until it is converted")
    func older() throws {
        try Office.open(folder: folder.path).close()
        try change("DELETE FROM grdb_migrations")
        #expect(code { try Office.openReadOnly(folder: folder.path) } == .olderSchema)
    }

    @Test("a file of the version before is converted with all that is in it")
    func versionBefore() throws {
        let office = try Office.open(folder: folder.path)
        try office.importText("id,name,status\n1,A,active\n")
        try office.addUser(name: "anna", role: .admin, password: PasswordHash(text: "x"), by: .ben, at: Moment.first)
        try office.close()
        try change("DROP TABLE note")
        try change("ALTER TABLE user DROP COLUMN version")
        try change("DELETE FROM grdb_migrations WHERE identifier LIKE '3 %'")
        #expect(code { try Office.openReadOnly(folder: folder.path) } == .olderSchema)
        let converted = try Office.open(folder: folder.path)
        #expect(try converted.users().map(\.name) == ["anna"])
        #expect(try converted.currentDirectory().version == 1)
        let receipt = Receipt(time: Moment.first, random16: 1, random64: 2)
        try converted.addNote("x", to: receipt, by: .anna, at: Moment.first)
        #expect(try converted.notes(on: receipt).count == 1)
    }

    @Test("another program's database, and a file that is none, are refused and left alone")
    func foreign() throws {
        try change("CREATE TABLE cooks (name TEXT)")
        #expect(code { try Office.open(folder: folder.path) } == .notAnOffice)
        #expect(code { try Office.openReadOnly(folder: folder.path) } == .notAnOffice)
        let letter = Data(repeating: 0x41, count: 5_000)
        try letter.write(to: URL(fileURLWithPath: folder.officePath))
        #expect(code { try Office.open(folder: folder.path) } == .notAnOffice)
        #expect(code { try Office.openReadOnly(folder: folder.path) } == .notAnOffice)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.officePath)) == letter)
    }

    @Test("a folder without an office reads as an empty one, and stays as it is")
    func missing() throws {
        let office = try Office.openReadOnly(folder: folder.path)
        #expect(try office.currentDirectory().count == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("the snapshot's columns are all in the index of current states")
    func coveringIndex() throws {
        try Office.open(folder: folder.path).close()
        let plan = try DatabaseQueue(path: folder.officePath).read { db in
            try Row.fetchAll(
                db,
                sql: """
                    EXPLAIN QUERY PLAN SELECT partner, status, status_reason, valid_from, valid_to
                    FROM partner_state WHERE until_version IS NULL
                    """
            ).map { $0["detail"] as String }
        }
        #expect(plan == ["SCAN partner_state USING COVERING INDEX partner_state_current"])
    }

    @Test("a backup in a folder that can't be written is read, and nothing is made beside it")
    func backup() throws {
        let office = try Office.open(folder: folder.path)
        try office.importText("id,name,status\n1,A,active\n")
        try office.close()
        // With what means something in a URI.
        let backup = try copy(to: "100% of #1? é", [Office.fileName])
        let reader = try Office.openReadOnly(folder: backup, canWrite: false)
        #expect(try reader.currentDirectory().count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: backup) == [Office.fileName])
        // Elsewhere there are such files.
        let usual = try Office.openReadOnly(folder: backup, canWrite: true)
        #expect(try usual.currentDirectory().count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: backup).count > 1)
    }

    @Test("of a backup with a log beside it, the log's commits are read as well")
    func backupWithLog() throws {
        let office = try Office.open(folder: folder.path)
        try office.importText("id,name,status\n1,A,active\n")
        let backup = try copy(to: "backup", [Office.fileName, Office.fileName + "-wal"])
        #expect(try Office.openReadOnly(folder: backup, canWrite: false).currentDirectory().count == 1)
        try office.close()
    }

    private func copy(to name: String, _ files: [String]) throws -> String {
        let path = folder.path + "/" + name
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for file in files { try FileManager.default.copyItem(atPath: folder.path + "/" + file, toPath: path + "/" + file) }
        return path
    }

    @Test("a reader sees what the writer commits while both are open")
    func besideWriter() throws {
        let writer = try Office.open(folder: folder.path)
        try writer.importText("id,name,status\n1,A,active\n")
        let reader = try Office.openReadOnly(folder: folder.path)
        #expect(try reader.currentDirectory().version == 1)
        try writer.importText("id,name,status\n1,A,test\n", at: Moment.second)
        #expect(try reader.currentDirectory().version == 2)
        #expect(throws: (any Error).self) { try reader.importText("id,name,status\n1,A,active\n") }
    }
}
