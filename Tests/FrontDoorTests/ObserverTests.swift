import Attribution
import RawSockets
import Synchronization
import Testing

@testable import FrontDoor

@Suite("The observer of sign-ups", .serialized, .hangLimit)
struct ObserverTests {
    private static let get = "GET \(TestDoor.attributed) HTTP/1.1\r\nHost: a\r\n\r\n"

    /// What an observer has heard of.
    private final class Heard: Sendable {
        private let state = Mutex<[Receipt]>([])

        func add(_ draft: RecordDraft) { state.withLock { $0.append(draft.receipt) } }

        var receipts: [Receipt] { state.withLock { $0 } }
    }

    @Test("hears of sign-ups in their order, and not before they are committed")
    func committed() async throws {
        let heard = Heard()
        try await TestDoor.open(MemoryRecorder(.holding), configure: { $0.observer = { heard.add($0) } }) { door in
            let client = try door.connect()
            try client.send(Self.get + Self.get + Self.get)
            while door.recorder.drafts.count < 3 { await Task.yield() }
            // Another connection's answer shows that the loop has been round since.
            #expect(try await door.connect().ask("HEAD /robots.txt HTTP/1.1\r\nHost: a\r\n\r\n").contains("200 OK"))
            #expect(heard.receipts.isEmpty)
            door.recorder.release(.committed)
            while heard.receipts.count < 3 { await Task.yield() }
            client.close()
            #expect(heard.receipts == door.recorder.drafts.map(\.receipt))
        }
    }

    @Test("hears nothing of records that are not committed", arguments: [MemoryRecorder.Mode.full, .failing])
    func notCommitted(mode: MemoryRecorder.Mode) async throws {
        let heard = Heard()
        try await TestDoor.open(MemoryRecorder(mode), configure: { $0.observer = { heard.add($0) } }) { door in
            let client = try door.connect()
            try client.send("GET \(TestDoor.attributed) HTTP/1.0\r\n\r\n")
            #expect(try await client.receiveAll().statuses == [503])
        }
        #expect(heard.receipts.isEmpty)
    }
}
