import Attribution
import Ledger
import NIOConcurrencyHelpers
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

    /// What is answered at once; each has a connection, which takes memory for its pages.
    private static let (mostQuestions, mostPortions) = (4, 2)

    /// Apart from the office's: long questions of some must not keep others from signing in; and of long questions, exports must
    /// not keep pages waiting. For the life of the process, as a pool can't go before its last question is answered.
    private static let (questions, portions) = (started(threads: mostQuestions), started(threads: mostPortions))

    private static func started(threads: Int) -> NIOThreadPool {
        let threads = NIOThreadPool(numberOfThreads: threads)
        threads.start()
        return threads
    }

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

    /// Answers a question that somebody waits for, on a thread that may block, and that gives way to sign-ups.
    func read<Value: Sendable>(_ question: @escaping @Sendable (LedgerReader) throws -> Value) async throws -> Value {
        try await answer(question, on: Self.questions, ThreadPriority.giveWay)
    }

    /// Reads a portion of what takes minutes as a whole: with what sign-ups and questions leave of processors and disk.
    func readPortion<Value: Sendable>(_ portion: @escaping @Sendable (LedgerReader) throws -> Value) async throws -> Value {
        try await answer(portion, on: Self.portions, ThreadPriority.takeWhatIsLeft)
    }

    /// - Parameter priority: set each time, as a pool does not say which thread is new; it takes less than a microsecond.
    private func answer<Value: Sendable>(
        _ question: @escaping @Sendable (LedgerReader) throws -> Value, on threads: NIOThreadPool,
        _ priority: @escaping @Sendable () -> Void
    ) async throws -> Value {
        try await threads.runIfActive { [readers, folder] in
            priority()
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
        }
    }
}
