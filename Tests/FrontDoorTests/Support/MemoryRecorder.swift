import Attribution
import Dispatch
import Synchronization

/// A recorder that keeps its records in memory, and commits when the test says so.
final class MemoryRecorder: Recorder {
    enum Mode {
        /// Commits at once, on its own thread.
        case committing
        /// Keeps what it takes until ``release(_:)``.
        case holding
        /// Has no room.
        case full
        /// Takes records and fails to commit them.
        case failing
    }

    private struct State {
        var mode: Mode
        var isHealthy = true
        var batches: [[RecordDraft]] = []
        var held: [@Sendable (AppendResult) -> Void] = []
        var unmatched: [String] = []
        var failedHandshakes: [FailedHandshake] = []
    }

    private let state: Mutex<State>
    private let thread = DispatchQueue(label: "recorder")

    init(_ mode: Mode = .committing) {
        state = Mutex(State(mode: mode))
    }

    func append(_ drafts: [RecordDraft], completion: @escaping @Sendable (AppendResult) -> Void) -> Bool {
        state.withLock { state in
            switch state.mode {
            case .full: return false
            case .holding:
                state.held.append(completion)
            case .committing:
                thread.async { completion(.committed) }
            case .failing:
                thread.async { completion(.failed) }
            }
            state.batches.append(drafts)
            return true
        }
    }

    func noteUnmatched(path: ArraySlice<UInt8>, time: Timestamp) {
        state.withLock { $0.unmatched.append(String(decoding: path, as: UTF8.self)) }
    }

    func noteFailedHandshake(_ failure: FailedHandshake, time: Timestamp) {
        state.withLock { $0.failedHandshakes.append(failure) }
    }

    var isHealthy: Bool {
        get { state.withLock { $0.isHealthy } }
        set { state.withLock { $0.isHealthy = newValue } }
    }

    var drafts: [RecordDraft] { state.withLock { $0.batches.flatMap { $0 } } }
    var batchSizes: [Int] { state.withLock { $0.batches.map(\.count) } }
    var unmatched: [String] { state.withLock { $0.unmatched } }
    var failedHandshakes: [FailedHandshake] { state.withLock { $0.failedHandshakes } }

    /// Completes all that is held, and from now on commits at once.
    func release(_ result: AppendResult) {
        let held = state.withLock { state in
            defer { (state.held, state.mode) = ([], .committing) }
            return state.held
        }
        thread.async { for completion in held { completion(result) } }
    }
}
