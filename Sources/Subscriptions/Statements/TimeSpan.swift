internal import Attribution

/// The moments from one on until another, which is none of them.
struct TimeSpan: Equatable {
    let start: Timestamp
    let end: Timestamp

    /// No moment of a span without an end comes after it.
    static let endless = Timestamp(microseconds: .max)
    static let everything = TimeSpan(start: Timestamp(microseconds: .min), end: endless)

    var isEmpty: Bool { start >= end }

    /// How long it is; only for spans that have both ends.
    var microseconds: Int64 { isEmpty ? 0 : end.microseconds - start.microseconds }

    func overlap(_ other: TimeSpan) -> TimeSpan { TimeSpan(start: max(start, other.start), end: min(end, other.end)) }
}
