package import Attribution
package import Ledger
import NIOConcurrencyHelpers
import NIOPosix

/// Where the ledger is read: each question has a connection of its own while it is answered.
package struct LedgerDesk: Sendable {
    private let folder: String
    private let idle = NIOLockedValueBox<[LedgerReader]>([])
    private let isEnding = NIOLockedValueBox(false)

    /// The server stops: nothing more is read.
    struct Ended: Error {}

    /// Questions that are answered at once; each has a connection, which takes memory for its pages.
    private static let mostAtOnce = 4

    /// Apart from the office's: long questions of some must not keep others from signing in. For the life of the process, as a
    /// pool can't go before its last question is answered.
    private static let threads: NIOThreadPool = {
        let threads = NIOThreadPool(numberOfThreads: mostAtOnce)
        threads.start()
        return threads
    }()

    init(folder: String) {
        self.folder = folder
    }

    /// Has every stream end at its next portion.
    func end() { isEnding.withLockedValue { $0 = true } }

    /// Answers a question on a thread that may block.
    func read<Value: Sendable>(_ question: @escaping @Sendable (LedgerReader) throws -> Value) async throws -> Value {
        if isEnding.withLockedValue({ $0 }) { throw Ended() }
        return try await Self.threads.runIfActive { [idle, folder] in
            let reader = try idle.withLockedValue { $0.popLast() } ?? LedgerReader.open(folder: folder)
            defer {
                idle.withLockedValue { $0.append(reader) }
            }
            return try question(reader)
        }
    }
}
