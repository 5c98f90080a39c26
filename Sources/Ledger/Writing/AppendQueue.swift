internal import Attribution
internal import Dispatch
internal import NIOConcurrencyHelpers

/// Drafts that were handed over together, and who waits for them.
struct PendingAppend: Sendable {
    let drafts: [RecordDraft]
    /// What comes behind the drafts.
    var later: [any LaterEntry] = []
    let completion: @Sendable (AppendResult) -> Void

    init(drafts: [RecordDraft], completion: @escaping @Sendable (AppendResult) -> Void) {
        self.drafts = drafts
        self.completion = completion
    }

    init(later: [any LaterEntry], completion: @escaping @Sendable (AppendResult) -> Void) {
        self.init(drafts: [], completion: completion)
        self.later = later
    }

    var records: Int { drafts.count + later.count }
}

/// What waits for the next commit. Many threads offer, the writer takes.
///
/// Under the lock of swift-nio, not the standard library's: on Linux that one spins for a thousand pauses when it has to wait, on
/// the very processor that its holder needs, and ThreadSanitizer cannot see it.
final class AppendQueue: Sendable {
    /// Records that may wait. A commit takes milliseconds, so this is a second's worth of full load; more would only
    /// lengthen the answers' wait, and the visitor is better served with 503 and another try.
    static let maximumRecords = 8_192

    private struct State: Sendable {
        var appends: [PendingAppend] = []
        var records = 0
        var isClosed = false
        /// The writer waits until there are so many records; nil when it does not wait.
        var awaited: Int?
    }

    private let state = NIOLockedValueBox(State())
    private let maximum: Int
    private let wake = DispatchSemaphore(value: 0)

    init(maximum: Int = AppendQueue.maximumRecords) {
        self.maximum = maximum
    }

    var count: Int { state.withLockedValue { $0.records } }

    /// How many records the writer waits for; nil when it does not wait.
    var awaited: Int? { state.withLockedValue { $0.awaited } }

    /// - Returns: false when there is no room for all the drafts, or the queue is closed.
    func offer(_ append: PendingAppend) -> Bool {
        let (isTaken, wakes) = state.withLockedValue { state in
            guard !state.isClosed, state.records + append.records <= maximum else { return (false, false) }
            state.appends.append(append)
            state.records += append.records
            return (true, Self.endsWait(&state))
        }
        if wakes { wake.signal() }
        return isTaken
    }

    /// Takes nothing from now on; what waits is still there for ``takeAll()``.
    func close() {
        let wakes = state.withLockedValue { state in
            state.isClosed = true
            return Self.endsWait(&state)
        }
        if wakes { wake.signal() }
    }

    /// Whether the writer's wait is over; it is then woken exactly once.
    private static func endsWait(_ state: inout State) -> Bool {
        guard let awaited = state.awaited, state.isClosed || state.records >= awaited else { return false }
        state.awaited = nil
        return true
    }

    /// Waits until so many records are there, the queue is closed, or the deadline has come.
    func wait(for records: Int, until deadline: DispatchTime) {
        let waits = state.withLockedValue { state in
            guard state.records < records, !state.isClosed else { return false }
            state.awaited = records
            return true
        }
        guard waits, wake.wait(timeout: deadline) == .timedOut else { return }
        let isWoken = state.withLockedValue { state in
            defer { state.awaited = nil }
            return state.awaited == nil
        }
        // Somebody ended the wait just after its deadline: the signal must not be left for the next one.
        if isWoken { wake.wait() }
    }

    /// All that waits, in the order of the offers.
    func takeAll() -> (appends: [PendingAppend], records: Int, isClosed: Bool) {
        state.withLockedValue { state in
            defer {
                state.appends = []
                state.records = 0
            }
            return (state.appends, state.records, state.isClosed)
        }
    }
}
