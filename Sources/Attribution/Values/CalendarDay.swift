/// A day of the proleptic Gregorian calendar, in UTC wherever it bounds a moment.
package struct CalendarDay: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    package let daysSinceEpoch: Int

    package init(daysSinceEpoch: Int) {
        self.daysSinceEpoch = daysSinceEpoch
    }

    package static func < (left: CalendarDay, right: CalendarDay) -> Bool {
        left.daysSinceEpoch < right.daysSinceEpoch
    }

    /// The first moment of the day, in UTC.
    package var start: Timestamp {
        Timestamp(microseconds: Int64(daysSinceEpoch) * Timestamp.microsecondsPerDay)
    }

    /// The day after.
    package var next: CalendarDay { CalendarDay(daysSinceEpoch: daysSinceEpoch + 1) }
}

extension CalendarDay: CustomStringConvertible {
    /// The days that four digits for the year can write.
    private static let writable = CalendarDay(year: 0, month: 1, day: 1)...CalendarDay(year: 9_999, month: 12, day: 31)

    /// `YYYY-MM-DD`. A day outside the years 0 to 9999, such as the Monday before the first of them, is written as the nearest
    /// that is within.
    package var description: String {
        let (year, month, day) = min(max(self, Self.writable.lowerBound), Self.writable.upperBound).civil
        var bytes: [UInt8] = []
        bytes.appendDecimal(year, width: 4)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendDecimal(month, width: 2)
        bytes.append(UInt8(ascii: "-"))
        bytes.appendDecimal(day, width: 2)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads `YYYY-MM-DD`; nil for anything else and for days that the calendar does not have.
    package init?(_ text: String) {
        self.init(Array(text.utf8))
    }

    package init?(_ text: [UInt8]) {
        var rest = text[...]
        guard let year = rest.takeDecimal(width: 4), rest.take(UInt8(ascii: "-")),
            let month = rest.takeDecimal(width: 2), rest.take(UInt8(ascii: "-")),
            let day = rest.takeDecimal(width: 2), rest.isEmpty,
            (1...12).contains(month), day >= 1
        else { return nil }
        self.init(year: year, month: month, day: day)
        // A day past the month's end would come back as a day of the next month.
        guard civil == (year, month, day) else { return nil }
    }
}

extension CalendarDay {
    /// Days are counted in eras of 400 years that begin on 1 March, so that the leap day is the last of its year
    /// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    private static let daysPerEra = 146_097
    private static let daysFromEraZeroToEpoch = 719_468

    /// A day of the calendar; the day of month may lie outside its month, and counts on.
    package init(year: Int, month: Int, day: Int) {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(daysSinceEpoch: era * Self.daysPerEra + dayOfEra - Self.daysFromEraZeroToEpoch)
    }

    /// Year, month from 1, day of month from 1.
    package var civil: (year: Int, month: Int, day: Int) {
        let shifted = daysSinceEpoch + Self.daysFromEraZeroToEpoch
        let era = (shifted >= 0 ? shifted : shifted - Self.daysPerEra + 1) / Self.daysPerEra
        let dayOfEra = shifted - era * Self.daysPerEra
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
