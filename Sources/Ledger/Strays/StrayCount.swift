internal import Attribution

/// How often something was seen within a day, first and last.
struct StrayCount: Equatable {
    private(set) var count: Int64 = 1
    private(set) var earliest: Timestamp
    private(set) var latest: Timestamp

    init(_ time: Timestamp) {
        earliest = time
        latest = time
    }

    mutating func note(_ time: Timestamp) {
        count += 1
        earliest = min(earliest, time)
        latest = max(latest, time)
    }
}

/// A path that no route matched on a day.
struct UnmatchedPathOfDay: Hashable {
    let day: CalendarDay
    /// As sent, cut to ``maximumBytes``; nil for those beyond the bound.
    let path: [UInt8]?

    /// DESIGN, "The request".
    static let maximumBytes = 128
}

/// A failed handshake on a day. Beyond the bound the server name is `other`, as it is the client's to choose.
struct HandshakeOfDay: Hashable {
    let day: CalendarDay
    var failure: FailedHandshake
}
