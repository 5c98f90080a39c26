package import Attribution
package import Ledger
import NIOConcurrencyHelpers
package import NIOPosix

/// Where the ledger is read: each question has a connection of its own while it is answered.
package struct LedgerDesk: Sendable {
    private let folder: String
    private let threads: NIOThreadPool
    private let idle = NIOLockedValueBox<[LedgerReader]>([])
    private let isEnding = NIOLockedValueBox(false)

    /// The server stops: nothing more is read.
    struct Ended: Error {}

    /// Connections that are kept open for the next question; each takes memory for its pages.
    private static let maximumIdle = 4

    init(folder: String, threads: NIOThreadPool) {
        self.folder = folder
        self.threads = threads
    }

    /// Has every stream end at its next portion.
    func end() { isEnding.withLockedValue { $0 = true } }

    /// Answers a question on a thread that may block.
    func read<Value: Sendable>(_ question: @escaping @Sendable (LedgerReader) throws -> Value) async throws -> Value {
        if isEnding.withLockedValue({ $0 }) { throw Ended() }
        return try await threads.runIfActive { [idle, folder] in
            let reader = try idle.withLockedValue { $0.popLast() } ?? LedgerReader.open(folder: folder)
            defer {
                idle.withLockedValue { if $0.count < Self.maximumIdle { $0.append(reader) } }
            }
            return try question(reader)
        }
    }
}
