import Attribution
import BackOffice
import Foundation
import Ledger
import Office
import Testing

@testable import porter

@Suite("A command changes the directory through the server, or by itself when none runs")
struct FolderChangesTests {
    private static let change = PartnerChange(id: PartnerID("7")!, edits: [.name("Seven"), .status(.active)])

    private func change(_ folder: TemporaryFolder, patience: Duration = .seconds(5)) async throws -> DirectoryReport {
        var changes = FolderChanges(folder: folder.path)
        changes.patience = patience
        return try await changes.make(
            throughServer: {
                try await $0.setPartner(Self.change.id, .init(fields: [.name: "Seven", .status: "active"]), source: "server")
            },
            directly: { office, _ in
                try office.setPartner(Self.change, source: "directly", by: FolderChanges.caller, at: RunningServer.now)
            })
    }

    @Test("without a server it takes the lock, makes the change and gives the lock back")
    func directly() async throws {
        let folder = try TemporaryFolder()
        #expect(try await change(folder).added == 1)
        #expect(try Office.openReadOnly(folder: folder.path).currentDirectoryVersion()?.source == "directly")
        try DataFolderLock.acquire(folder: folder.path).release()
    }

    @Test("with a server it goes through the socket, although the server holds the lock")
    func throughServer() async throws {
        let folder = try TemporaryFolder()
        let lock = try DataFolderLock.acquire(folder: folder.path)
        defer { lock.release() }
        try await RunningServer.run(in: folder) { (server) async throws in
            let report = try await change(folder)
            #expect(report.added == 1)
            let version = try server.office.currentDirectoryVersion()
            #expect(version?.source == "server")
            #expect(server.directories.count == 1)
        }
    }

    @Test("a folder that is in use without a server that answers is an error that says so")
    func inUse() async throws {
        let folder = try TemporaryFolder()
        let lock = try DataFolderLock.acquire(folder: folder.path)
        defer { lock.release() }
        let failure = await #expect(throws: CommandFailure.self) { try await change(folder, patience: .zero) }
        #expect(failure?.message.contains("no server answers on its control.sock") == true)
        #expect(failure?.exitCode == 2)
    }

    @Test("a server that is just starting is waited for")
    func starting() async throws {
        let folder = try TemporaryFolder()
        let lock = try DataFolderLock.acquire(folder: folder.path)
        defer { lock.release() }
        let waiting = Task { try await change(folder, patience: .seconds(60)) }
        try await RunningServer.run(in: folder) { (server) async throws in
            let added = try await waiting.value.added
            #expect(added == 1)
            let version = try server.office.currentDirectoryVersion()
            #expect(version?.source == "server")
        }
    }

    @Test("an office that the program can't read is an error, not a wait")
    func refusedOffice() async throws {
        let error = await #expect(throws: OfficeError.self) { try await change(try folderWithLetter()) }
        #expect(error?.code == .notAnOffice)
    }

    private func folderWithLetter() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try String(repeating: "letter ", count: 200).write(
            toFile: folder.path + "/" + Office.fileName, atomically: false, encoding: .utf8)
        return folder
    }
}
