import Attribution

/// When a notice that the mail system would not take is tried again.
enum BackOff {
    /// A mail system that is being restarted is back by then.
    static let firstSeconds: Int64 = 60
    /// A mail system that was down for a day is noticed to be back the same day.
    static let mostSeconds: Int64 = 6 * 3_600
    /// As long as mail systems themselves go on trying (RFC 5321 section 4.5.4.1: at least 4 to 5 days).
    static let patienceSeconds: Int64 = 5 * 86_400
    /// Before it is given up: some mail systems refuse what they see for the first time, and take it minutes later (greylisting,
    /// RFC 6647). With so many, two hours have passed.
    static let fewestAttempts = 8
    /// Of a delay, added at random: what failed together is not tried again together.
    private static let spread = 0.1

    /// Seconds until the next attempt: one minute after the first, twice as much after each, at most six hours; up to a tenth more.
    ///
    /// - Parameters:
    ///   - attempts: that have failed, from 1.
    ///   - chance: from 0, 1 excluded.
    static func seconds(afterAttempts attempts: Int, chance: Double) -> Double {
        // Beyond that the delay is the greatest anyhow, and the shift stays in range.
        let doublings = min(max(attempts - 1, 0), 16)
        let delay = min(firstSeconds << doublings, mostSeconds)
        return Double(delay) * (1 + spread * chance)
    }

    /// What comes of an attempt that failed.
    static func result(of entry: OutboxEntry, error: String, at time: Timestamp, chance: Double) -> DeliveryResult {
        let patience = patienceSeconds * Timestamp.microsecondsPerSecond
        // What has waited for long because no server ran is still tried as often as a mail system asks for that takes nothing at first.
        let isOld = time.microseconds - entry.notice.time.microseconds >= patience
        if isOld, entry.attempts >= fewestAttempts { return .givenUp(error: error) }
        let delay = seconds(afterAttempts: entry.attempts, chance: chance) * Double(Timestamp.microsecondsPerSecond)
        return .retry(at: Timestamp(microseconds: time.microseconds + Int64(delay)), error: error)
    }
}
