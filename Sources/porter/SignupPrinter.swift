import Attribution
import Dispatch
import Ledger
import Synchronization

/// Prints each sign-up as one line: for a terminal that someone watches.
///
/// Lines are written by a queue of their own, since whoever watches may pause the terminal; what then piles up beyond a bound
/// is not printed.
final class SignupPrinter: Sendable {
    private let queue = DispatchQueue(label: "porter.signups")
    private let waiting = Atomic(0)

    /// A screen scrolls through these in a second; nobody reads them faster.
    private static let maximumWaiting = 1_000

    func print(_ draft: RecordDraft) {
        guard waiting.add(1, ordering: .relaxed).newValue <= Self.maximumWaiting else {
            waiting.subtract(1, ordering: .relaxed)
            return
        }
        queue.async { [self] in
            StandardStream.output.write("\(RecordLine(draft))\n")
            waiting.subtract(1, ordering: .relaxed)
        }
    }
}
