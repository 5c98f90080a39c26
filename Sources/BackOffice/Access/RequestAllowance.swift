import Attribution
import NIOConcurrencyHelpers

/// How often a token may ask: a bucket of requests that fills again while it does not (a token bucket).
final class RequestAllowance: Sendable {
    /// A page of Power BI asks some dozens of times at once.
    static let burst = 120.0
    static let perSecond = 10.0
    private static let maximumBuckets = 10_000

    private struct Bucket {
        var left: Double
        var last: Timestamp
    }

    private let buckets = NIOLockedValueBox<[Int64: Bucket]>([:])

    /// Takes one request.
    ///
    /// - Returns: how many seconds to wait instead; nil when it may be made.
    func wait(token: Int64, at time: Timestamp) -> Int? {
        buckets.withLockedValue { buckets in
            if buckets.count > Self.maximumBuckets { buckets.removeAll() }
            var bucket = buckets[token] ?? Bucket(left: Self.burst, last: time)
            let passed = Double(max(time.microseconds - bucket.last.microseconds, 0)) / Double(Timestamp.microsecondsPerSecond)
            bucket.left = min(Self.burst, bucket.left + passed * Self.perSecond)
            bucket.last = time
            defer { buckets[token] = bucket }
            guard bucket.left >= 1 else { return Int(((1 - bucket.left) / Self.perSecond).rounded(.up)) }
            bucket.left -= 1
            return nil
        }
    }
}
