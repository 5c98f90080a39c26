package import Attribution
package import Measures

/// What the front door has counted since it was opened, over all event loops.
package struct FrontDoorMeasures: Sendable {
    /// The two listeners.
    package enum Door: String, CaseIterable, Sendable {
        case https
        case http
    }

    /// What is spoken on an open connection.
    package enum Stage: String, CaseIterable, Sendable {
        /// TLS is not there yet.
        case handshake
        case http1 = "http/1"
        case http2 = "http/2"
    }

    package struct Place: Hashable, Sendable {
        package let door: Door
        package let stage: Stage

        package init(door: Door, stage: Stage) {
            self.door = door
            self.stage = stage
        }
    }

    /// Sign-ups whose record is committed, by the route's name and the outcome. All routes that were ever loaded have a line.
    package internal(set) var signups: [String: [Outcome: Int]] = [:]
    /// Sign-ups that were answered 503, since their record was not committed.
    package internal(set) var unavailable = 0
    /// Requests that were answered with an error and made no record, by status.
    package internal(set) var refused: [Int: Int] = [:]
    /// Requests whose path no route matches, and which are in the table of unmatched paths.
    package internal(set) var unmatched = 0
    /// Connections that were accepted.
    package internal(set) var accepted: [Door: Int] = [:]
    /// Connections that were closed at once, since there was no place for them.
    package internal(set) var turnedAway = 0
    /// Connections that are open now.
    package internal(set) var open: [Place: Int] = [:]
    /// Handshakes that were completed, by version.
    package internal(set) var handshakes: [SignupRequest.TLSVersion: Int] = [:]
    package internal(set) var failedHandshakes: [HandshakeFailure: Int] = [:]

    /// From the whole ClientHello to the handshake's end, in nanoseconds; of completed ones.
    package internal(set) var handshakeDurations = Histogram(Self.handshakeBuckets)
    /// What deciding a sign-up took, in nanoseconds.
    package internal(set) var decideDurations = Histogram(Self.decideBuckets)
    /// From a sign-up's whole head until its answer was handed to the socket, in nanoseconds.
    package internal(set) var wholeDurations = Histogram(Self.wholeBuckets)

    /// The statuses that a request without a record can get (RFC 9110, section 15.5 and 15.6).
    package static let refusalStatuses = [400, 404, 405, 408, 413, 414, 417, 431, 501, 505]

    /// A handshake is one or two round trips: half a millisecond on loopback, a second from far away.
    private static let handshakeBuckets = Buckets(microseconds: [
        500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 10_000_000,
    ])
    /// Deciding is arithmetic: microseconds, unless the processor is taken away meanwhile.
    private static let decideBuckets = Buckets(microseconds: [2, 5, 10, 25, 50, 100, 250, 1_000, 10_000])
    /// Mostly the commit: a sync of the disk.
    private static let wholeBuckets = Buckets(microseconds: [
        100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 10_000_000,
    ])

    mutating func add(_ other: FrontDoorMeasures) {
        for (route, outcomes) in other.signups { signups[route, default: [:]].merge(outcomes, uniquingKeysWith: +) }
        unavailable += other.unavailable
        refused.merge(other.refused, uniquingKeysWith: +)
        unmatched += other.unmatched
        accepted.merge(other.accepted, uniquingKeysWith: +)
        turnedAway += other.turnedAway
        open.merge(other.open, uniquingKeysWith: +)
        handshakes.merge(other.handshakes, uniquingKeysWith: +)
        failedHandshakes.merge(other.failedHandshakes, uniquingKeysWith: +)
        handshakeDurations.add(other.handshakeDurations)
        decideDurations.add(other.decideDurations)
        wholeDurations.add(other.wholeDurations)
    }
}
