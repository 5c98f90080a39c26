internal import Attribution
internal import NIOConcurrencyHelpers

/// What is counted of requests and connections that are no records, until the writer takes it with a commit.
///
/// Bounded: a flood of odd paths costs this much memory and no more.
final class StrayNotes: Sendable {
    /// Distinct paths, and distinct failures, that are held between two commits; the others are counted together.
    static let maximumHeld = 1_000

    struct Taken: Sendable {
        var paths: [UnmatchedPathOfDay: StrayCount] = [:]
        var handshakes: [HandshakeOfDay: StrayCount] = [:]

        var isEmpty: Bool { paths.isEmpty && handshakes.isEmpty }
    }

    private let notes = NIOLockedValueBox(Taken())

    func noteUnmatched(path: ArraySlice<UInt8>, time: Timestamp) {
        let day = time.day
        let key = UnmatchedPathOfDay(day: day, path: Array(path.prefix(UnmatchedPathOfDay.maximumBytes)))
        notes.withLockedValue { $0.paths.note(key, time, overflow: UnmatchedPathOfDay(day: day, path: nil)) }
    }

    func note(_ failure: FailedHandshake, time: Timestamp) {
        let key = HandshakeOfDay(day: time.day, failure: failure)
        notes.withLockedValue { $0.handshakes.note(key, time, overflow: key.withoutServerName) }
    }

    func takeAll() -> Taken {
        notes.withLockedValue { notes in
            defer { notes = Taken() }
            return notes
        }
    }
}

extension HandshakeOfDay {
    /// What the failure is counted as beyond the bound.
    var withoutServerName: HandshakeOfDay {
        HandshakeOfDay(
            day: day,
            failure: FailedHandshake(
                reason: failure.reason,
                serverName: StrayTables.other,
                offeredVersion: failure.offeredVersion,
                windows: failure.windows
            )
        )
    }
}

extension Dictionary where Value == StrayCount {
    fileprivate mutating func note(_ key: Key, _ time: Timestamp, overflow: Key) {
        let counted = self[key] != nil || count < StrayNotes.maximumHeld ? key : overflow
        if self[counted]?.note(time) == nil { self[counted] = StrayCount(time) }
    }
}
