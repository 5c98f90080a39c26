/// Whether the writer waits for company before it commits.
///
/// A commit costs one sync and two changes of threads however many records it holds, so a wait makes each record cheaper; but the
/// visitors wait as well. So it depends on what processor time is worth: while the processors have time to spare, each record is
/// committed at once, and the busier they are, the longer is waited for more. A lone request never waits: only when the last
/// commit held several records is it worth waiting for as many again, up to some dozens, and only for as many as can be expected
/// within the wait at the rate at which they came.
struct CommitPacing {
    /// The longest wait, when no processor time is left: visitors then wait longer than this for their turn.
    static let maximumWaitMicroseconds = 4_000
    /// The load, from 0 to 1, from which on there are waits.
    private static let firstWaitLoad = 0.6
    /// More company is not waited for: of so many records each costs next to nothing more than of a hundred.
    private static let enoughRecords = 32

    /// What to wait for.
    struct Wait: Equatable {
        let records: Int
        let nanoseconds: Int
    }

    private let longestNanoseconds: Double
    private var lastRecords = 0
    private var lastTakeNanoseconds: UInt64 = 0

    /// - Parameter waitMicroseconds: the longest wait; 0 commits at once.
    init(waitMicroseconds: Int = CommitPacing.maximumWaitMicroseconds) {
        longestNanoseconds = Double(waitMicroseconds) * 1_000
    }

    /// What to wait for before the next commit; nil is no wait.
    ///
    /// - Parameters:
    ///   - load: how much of its processors the process uses, from 0 to 1.
    ///   - now: nanoseconds of a clock that does not step.
    func wait(load: Double, at now: UInt64) -> Wait? {
        guard lastRecords >= 2, now > lastTakeNanoseconds else { return nil }
        let nanoseconds = longestNanoseconds * min(1, (load - Self.firstWaitLoad) / (1 - Self.firstWaitLoad))
        let expected = Double(lastRecords) * nanoseconds / Double(now - lastTakeNanoseconds)
        let records = Int(min(expected, Double(min(lastRecords, Self.enoughRecords))))
        return records >= 2 ? Wait(records: records, nanoseconds: Int(nanoseconds)) : nil
    }

    mutating func noteTake(of records: Int, at now: UInt64) {
        lastRecords = records
        lastTakeNanoseconds = now
    }
}
