import Foundation
import Ledger
import Testing

@testable import BackOffice

@Suite("Questions to the ledger")
struct LedgerDeskTests {
    /// With an empty ledger.
    private func desk(_ folder: TemporaryFolder) throws -> LedgerDesk {
        let lock = try DataFolderLock.acquire(folder: folder.path)
        defer { lock.release() }
        try LedgerWriter.open(folder: lock, node: "test").close()
        return LedgerDesk(folder: folder.path)
    }

    @Test("one that lasts is ended soon after the server begins to stop, and no other is begun", .timeLimit(.minutes(1)))
    func end() async throws {
        let folder = try TemporaryFolder()
        let desk = try desk(folder)
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        let lasting = Task {
            try await desk.read { reader in
                beginning.yield()
                while true { _ = try reader.lastSequence() }
            }
        }
        for await _ in begun { break }
        desk.end()
        await #expect(throws: LedgerDesk.Ended.self) { try await lasting.value }
        await #expect(throws: LedgerDesk.Ended.self) { try await desk.read { try $0.lastSequence() } }
    }

    @Test("a connection is used again, also after a question that failed")
    func failing() async throws {
        struct Failure: Error {}
        let folder = try TemporaryFolder()
        let desk = try desk(folder)
        let first = try await desk.read { ObjectIdentifier($0) }
        await #expect(throws: Failure.self) { try await desk.read { _ in throw Failure() } }
        #expect(try await desk.read { ObjectIdentifier($0) } == first)
    }
}
