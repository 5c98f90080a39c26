package import Attribution

/// A quarter hour of UTC, by which counters are kept: every time zone in use begins its hours and days on one.
package struct QuarterHour: Hashable, Comparable, Sendable {
    package static let microseconds: Int64 = 15 * 60 * Timestamp.microsecondsPerSecond
    package static let perDay: Int64 = 96

    /// Quarter hours since 1970-01-01T00:00Z.
    package let number: Int64

    package init(number: Int64) {
        self.number = number
    }

    package init(containing time: Timestamp) {
        number = time.microseconds.flooredQuotient(by: Self.microseconds)
    }

    /// nil unless the moment is the first of a quarter hour.
    package init?(startingAt time: Timestamp) {
        self.init(containing: time)
        guard start == time else { return nil }
    }

    package var start: Timestamp { Timestamp(microseconds: number * Self.microseconds) }

    package var day: CalendarDay { start.day }

    package static func < (left: QuarterHour, right: QuarterHour) -> Bool { left.number < right.number }
}
