/// How often values of each size came, and their sum.
///
/// A plain value without a lock: whoever notes owns it. Noting looks at a few bounds and allocates nothing. It has a room of its
/// own, which imports nothing: the front door and the ledger note, the back office shows, and none of them knows the others.
package struct Histogram: Equatable, Sendable {
    package let buckets: Buckets
    /// How many values each bucket has by itself; one more than there are bounds.
    package private(set) var counts: [Int]
    /// Of all values, in the buckets' small unit. A floating-point number: it can't overflow, however long the process lives.
    package private(set) var sum: Double = 0

    package init(_ buckets: Buckets) {
        self.buckets = buckets
        counts = [Int](repeating: 0, count: buckets.upperBounds.count + 1)
    }

    /// How many values were noted.
    package var count: Int { counts.reduce(0, +) }

    /// - Parameter value: in the buckets' small unit. A negative one, which no clock that does not step gives, counts as 0.
    package mutating func note(_ value: Int64) {
        let value = max(value, 0)
        var bucket = 0
        while bucket < buckets.upperBounds.count, buckets.upperBounds[bucket] < value { bucket += 1 }
        counts[bucket] += 1
        sum += Double(value)
    }

    /// - Parameter other: with the same buckets.
    package mutating func add(_ other: Histogram) {
        precondition(other.buckets == buckets, "only histograms of the same bounds add up")
        for bucket in counts.indices { counts[bucket] += other.counts[bucket] }
        sum += other.sum
    }
}
