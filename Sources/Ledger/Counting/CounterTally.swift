/// What is counted of some records.
package struct CounterTally: Hashable, Sendable {
    /// Records.
    package var requests: Int64 = 0
    /// Records that are visits: not HEAD, bot, preview, tool or test.
    package var visits: Int64 = 0
    /// Visits that are no repeats. They add up over any range and dimension.
    package var unique: Int64 = 0
    /// Records whose outcome is `attributed`, visits or not.
    package var attributed: Int64 = 0
    /// Adjustments that attributed, less those that took an attribution back: what comes on top of ``attributed``.
    package var adjusted: Int64 = 0

    package init() {}

    package init(requests: Int64, visits: Int64, unique: Int64, attributed: Int64, adjusted: Int64 = 0) {
        self.requests = requests
        self.visits = visits
        self.unique = unique
        self.attributed = attributed
        self.adjusted = adjusted
    }

    /// What is attributed after all adjustments.
    package var net: Int64 { attributed + adjusted }

    /// The tally of one record.
    init(isVisit: Bool, isRepeat: Bool, isAttributed: Bool) {
        requests = 1
        visits = isVisit ? 1 : 0
        unique = isVisit && !isRepeat ? 1 : 0
        attributed = isAttributed ? 1 : 0
    }

    package static func += (left: inout CounterTally, right: CounterTally) {
        left.requests += right.requests
        left.visits += right.visits
        left.unique += right.unique
        left.attributed += right.attributed
        left.adjusted += right.adjusted
    }
}
