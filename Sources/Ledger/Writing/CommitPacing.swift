/// Whether the writer waits for company before it commits.
///
/// A commit costs one sync however many records it holds, so under load a short wait makes each record cheaper. A lone
/// request never waits: only when the last commit held several records is it worth waiting for as many again, up to a handful,
/// and only as long as they came at a rate at which that many can be expected within the wait.
struct CommitPacing {
    /// The longest wait: well below what a visitor notices, several times what a sync takes on a good disk.
    static let maximumWaitMicroseconds = 1_000
    /// More company is not waited for: of eight records each costs only a tenth more than of a hundred.
    private static let enoughRecords = 8

    private let waitNanoseconds: UInt64
    private var lastRecords = 0
    private var lastTakeNanoseconds: UInt64 = 0

    /// - Parameter waitMicroseconds: 0 commits at once.
    init(waitMicroseconds: Int = CommitPacing.maximumWaitMicroseconds) {
        waitNanoseconds = UInt64(waitMicroseconds) * 1_000
    }

    /// How many records to wait for; 1 is no wait.
    ///
    /// - Parameter now: of a clock that does not step.
    func awaitedRecords(at now: UInt64) -> Int {
        guard lastRecords >= 2, now > lastTakeNanoseconds else { return 1 }
        let expected = UInt64(lastRecords) * waitNanoseconds / (now - lastTakeNanoseconds)
        return max(1, min(lastRecords, Int(clamping: expected), Self.enoughRecords))
    }

    mutating func noteTake(of records: Int, at now: UInt64) {
        lastRecords = records
        lastTakeNanoseconds = now
    }
}
