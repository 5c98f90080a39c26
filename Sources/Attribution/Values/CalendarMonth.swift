/// A month of the calendar, in UTC.
package struct CalendarMonth: Hashable, Sendable {
    /// Its first day.
    package let first: CalendarDay

    package init(containing day: CalendarDay) {
        let (year, month, _) = day.civil
        first = CalendarDay(year: year, month: month, day: 1)
    }

    /// Reads `YYYY-MM`; nil for anything else.
    package init?(_ text: String) {
        guard text.utf8.count == 7, let first = CalendarDay(text + "-01") else { return nil }
        self.first = first
    }

    package var previous: CalendarMonth {
        CalendarMonth(containing: CalendarDay(daysSinceEpoch: first.daysSinceEpoch - 1))
    }

    package var next: CalendarMonth {
        let (year, month, _) = first.civil
        return CalendarMonth(containing: CalendarDay(year: month == 12 ? year + 1 : year, month: month % 12 + 1, day: 1))
    }
}

extension CalendarMonth: CustomStringConvertible {
    /// `YYYY-MM`.
    package var description: String { String(first.description.prefix(7)) }
}
