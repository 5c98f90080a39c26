import Attribution
import NIOConcurrencyHelpers

/// How often somebody may ask: a bucket of requests that fills again while they do not (a token bucket).
final class RequestAllowance: Sendable {
    private let burst: Double
    private let perSecond: Double
    private static let maximumBuckets = 10_000

    private struct Bucket {
        var left: Double
        var last: Timestamp
    }

    private let buckets = NIOLockedValueBox<[Int64: Bucket]>([:])

    /// - Parameters:
    ///   - burst: so many requests at once.
    ///   - perSecond: and so many from then on.
    init(burst: Double, perSecond: Double) {
        self.burst = burst
        self.perSecond = perSecond
    }

    /// A program's. A page of Power BI asks some dozens of times at once.
    static func ofToken() -> RequestAllowance { RequestAllowance(burst: 120, perSecond: 10) }

    /// The provider's. It tells of each subscription by a call of its own, and may do so for all of a night's at once.
    static func ofProvider() -> RequestAllowance { RequestAllowance(burst: 2_000, perSecond: 200) }

    /// That of all browsers of a user. Each page brings its style and its pictures, and they go through pages fast who look for
    /// something; what asks more often is a program that goes on by itself.
    static func ofUser() -> RequestAllowance { RequestAllowance(burst: 600, perSecond: 30) }

    /// Takes one request.
    ///
    /// - Parameter asker: the number of the token or user.
    /// - Returns: how many seconds to wait instead; nil when it may be made.
    func wait(_ asker: Int64, at time: Timestamp) -> Int? {
        buckets.withLockedValue { buckets in
            if buckets.count > Self.maximumBuckets { buckets.removeAll() }
            var bucket = buckets[asker] ?? Bucket(left: burst, last: time)
            let passed = Double(max(time.microseconds - bucket.last.microseconds, 0)) / Double(Timestamp.microsecondsPerSecond)
            bucket.left = min(burst, bucket.left + passed * perSecond)
            bucket.last = time
            defer { buckets[asker] = bucket }
            guard bucket.left >= 1 else { return Int(((1 - bucket.left) / perSecond).rounded(.up)) }
            bucket.left -= 1
            return nil
        }
    }
}
