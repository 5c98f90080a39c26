/// A moment in UTC, counted in microseconds since 1970-01-01T00:00:00Z.
///
/// Attribution has no clock of its own: a moment is always handed in.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Microseconds since the Unix epoch, leap seconds not counted.
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    /// For sums with ``microseconds``.
    package static let microsecondsPerSecond: Int64 = 1_000_000
    /// Every day of UTC has as many here: leap seconds are not counted.
    package static let microsecondsPerDay: Int64 = 86_400 * microsecondsPerSecond

    /// Whole milliseconds since the epoch, rounded down: the time part of a receipt.
    package var milliseconds: Int64 { microseconds.flooredQuotient(by: 1_000) }

    /// Whole seconds since the epoch, rounded down.
    package var seconds: Int64 { microseconds.flooredQuotient(by: Self.microsecondsPerSecond) }

    /// The UTC day that contains this moment.
    package var day: CalendarDay {
        CalendarDay(daysSinceEpoch: Int(microseconds.flooredQuotient(by: Self.microsecondsPerDay)))
    }
}

extension Int64 {
    /// Division that rounds towards minus infinity, so that moments before 1970 fall into the right day.
    package func flooredQuotient(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
