/// Whether the writer waits for company before it commits.
///
/// A commit costs a sync, and waking the writer and each event loop, however many records it holds: company makes each record
/// cheaper, and has the visitors wait. So it depends on how busy the process is. Up to three fifths of its processors, each
/// record is committed at once; from there on the wait grows with the load. What else the machine does is not seen, and what the
/// process does behind the sign-ups (an export, the index) counts as load: the longest wait is what that can cost.
///
/// A lone request never waits: only when the last commit held several records is it worth waiting for as many again, up to some
/// dozens, and only for as many as come within the wait at the rate at which those came.
struct CommitPacing {
    /// The longest wait, when the processors are fully used. Visitors then wait for their turn anyway: over fresh connections
    /// p50 and p99 stay about what they are with a millisecond (article Performance).
    static let maximumWaitMicroseconds = 4_000
    /// The load from which on there are waits. At half of what one core can do, and without waits, it is 0.75 over fresh
    /// connections and 0.9 over kept-alive ones; with less to do, a visitor would only be kept waiting.
    private static let firstWaitLoad = 0.6
    /// More company is not waited for: a record's share of what a commit costs is down to a thirtieth.
    private static let enoughRecords = 32

    /// What to wait for.
    struct Wait: Equatable {
        let records: Int
        let nanoseconds: Int
    }

    private let longestNanoseconds: Double
    private var lastRecords = 0
    private var lastTakeNanoseconds: UInt64?
    /// In which the last records came; nil until there were two takes.
    private var lastIntervalNanoseconds: UInt64?

    /// - Parameter waitMicroseconds: the longest wait; 0 commits at once.
    init(waitMicroseconds: Int = CommitPacing.maximumWaitMicroseconds) {
        precondition(waitMicroseconds >= 0, "a wait takes time")
        longestNanoseconds = Double(waitMicroseconds) * 1_000
    }

    /// What to wait for before the next commit; nil is no wait.
    ///
    /// - Parameters:
    ///   - load: how much of its processors the process uses, from 0 to 1.
    ///   - now: nanoseconds of a clock that does not step.
    func wait(load: Double, at now: UInt64) -> Wait? {
        guard load > Self.firstWaitLoad, lastRecords >= 2, let lastTakeNanoseconds,
            let lastIntervalNanoseconds, lastIntervalNanoseconds > 0
        else { return nil }
        let nanoseconds = longestNanoseconds * min(1, (load - Self.firstWaitLoad) / (1 - Self.firstWaitLoad))
        // After a pause, what came before it says nothing about what comes now.
        guard Double(now - min(now, lastTakeNanoseconds)) <= Double(lastIntervalNanoseconds) + nanoseconds else { return nil }
        let expected = Double(lastRecords) * nanoseconds / Double(lastIntervalNanoseconds)
        let records = Int(min(expected, Double(min(lastRecords, Self.enoughRecords))))
        return records >= 2 ? Wait(records: records, nanoseconds: Int(nanoseconds.rounded())) : nil
    }

    mutating func noteTake(of records: Int, at now: UInt64) {
        lastRecords = records
        lastIntervalNanoseconds = lastTakeNanoseconds.map { now - min(now, $0) }
        lastTakeNanoseconds = now
    }
}
