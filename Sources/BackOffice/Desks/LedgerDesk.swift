import Attribution
import Ledger
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// Where the ledger is read: each question has a connection of its own while it is answered.
package struct LedgerDesk: Sendable {
    private let folder: String
    private let readers = NIOLockedValueBox(Readers())

    private struct Readers {
        var idle: [LedgerReader] = []
        var busy: [LedgerReader] = []
        var isEnding = false
    }

    /// The server stops: nothing more is read.
    struct Ended: Error {}

    /// What is asked when the server begins to stop has so long to be answered; exports and questions that read through all of a
    /// long ledger take minutes.
    private static let grace = Duration.seconds(1)

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

    /// Has every stream end at its next portion, and every question that lasts soon after.
    func end() {
        readers.withLockedValue { $0.isEnding = true }
        Task { [readers] in
            try? await Task.sleep(for: Self.grace)
            for reader in readers.withLockedValue({ $0.busy }) { reader.interrupt() }
        }
    }

    /// Answers a question on a thread that may block, and that gives way to sign-ups.
    func read<Value: Sendable>(_ question: @escaping @Sendable (LedgerReader) throws -> Value) async throws -> Value {
        // The answer comes by way of an event loop: whoever resumes a task may have to start a thread for it, which would give way
        // as well, for as long as it lives.
        try await Self.threads.runIfActive(eventLoop: MultiThreadedEventLoopGroup.singleton.any()) { [readers, folder] in
            // Each time, as a pool does not say which thread is new; it takes less than a microsecond.
            ThreadPriority.lower.take()
            if readers.withLockedValue({ $0.isEnding }) { throw Ended() }
            let reader = try readers.withLockedValue { $0.idle.popLast() } ?? LedgerReader.open(folder: folder)
            readers.withLockedValue { $0.busy.append(reader) }
            defer {
                readers.withLockedValue {
                    $0.busy.removeAll { $0 === reader }
                    $0.idle.append(reader)
                }
            }
            do {
                return try question(reader)
            } catch {
                throw readers.withLockedValue { $0.isEnding } ? Ended() : error
            }
        }.get()
    }
}
