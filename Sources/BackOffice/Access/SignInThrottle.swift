import Attribution
import NIOConcurrencyHelpers
import Office

/// Slows down who guesses passwords: after some failures, of an account or from a client's network, the next attempt has to
/// wait, twice as long each time. A success forgets the account's.
final class SignInThrottle: Sendable {
    /// Whoever mistypes a few times does not notice anything.
    static let freeFailures = 5
    /// Of a network. An office has one address for many, and its failures add up over the hours in which they come.
    static let freeFailuresOfNetwork = 50
    static let firstWaitSeconds: Int64 = 2
    static let longestWaitSeconds: Int64 = 15 * 60
    /// Failures so long ago are forgotten.
    static let memorySeconds: Int64 = 60 * 60
    /// Accounts and networks that are remembered; beyond that the oldest are forgotten.
    static let maximumEntries = 10_000

    private struct Failures {
        var count = 0
        var last: Timestamp
    }

    private enum Key: Hashable {
        case account(String)
        case network(String)

        private var freeFailures: Int {
            switch self {
            case .account: SignInThrottle.freeFailures
            case .network: SignInThrottle.freeFailuresOfNetwork
            }
        }

        func wait(_ failures: Failures, at time: Timestamp) -> Int? {
            guard failures.count >= freeFailures else { return nil }
            let doublings = min(failures.count - freeFailures, 30)
            let wait = min(firstWaitSeconds << Int64(doublings), longestWaitSeconds)
            let passed = (time.microseconds - failures.last.microseconds) / Timestamp.microsecondsPerSecond
            return passed < wait ? Int(wait - max(passed, 0)) : nil
        }
    }

    private let failures = NIOLockedValueBox<[Key: Failures]>([:])

    /// Accounts and networks that are remembered.
    var count: Int { failures.withLockedValue { $0.count } }

    /// - Parameter network: the client's. nil for one that others share: through a tunnel, or a proxy that does not say whom it
    ///   speaks for, one who mistypes would keep all others out.
    /// - Returns: how long an attempt has to wait; nil when it may be made.
    func wait(account: String, network: String?, at time: Timestamp) -> Int? {
        failures.withLockedValue { failures in
            Self.keys(account, network).compactMap { key in failures[key].flatMap { key.wait($0, at: time) } }.max()
        }
    }

    func noteFailure(account: String, network: String?, at time: Timestamp) {
        failures.withLockedValue { failures in
            let forgotten = time.microseconds - Self.memorySeconds * Timestamp.microsecondsPerSecond
            for key in Self.keys(account, network) {
                var entry = failures[key] ?? Failures(last: time)
                if entry.last.microseconds < forgotten { entry.count = 0 }
                entry.count += 1
                entry.last = time
                failures[key] = entry
            }
            guard failures.count > Self.maximumEntries else { return }
            failures = failures.filter { $0.value.last.microseconds >= forgotten }
            while failures.count > Self.maximumEntries, let oldest = failures.min(by: { $0.value.last < $1.value.last }) {
                failures[oldest.key] = nil
            }
        }
    }

    func noteSuccess(account: String) {
        failures.withLockedValue { $0[Self.key(account)] = nil }
    }

    private static func key(_ account: String) -> Key {
        // A name that is too long is nobody's, and takes no more memory than one that is somebody's.
        .account(String(String.UnicodeScalarView(account.lowercased().unicodeScalars.prefix(User.maximumNameBytes))))
    }

    private static func keys(_ account: String, _ network: String?) -> [Key] {
        [key(account)] + (network.map { [.network($0)] } ?? [])
    }
}
