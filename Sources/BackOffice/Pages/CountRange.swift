import Attribution
import Foundation
import Ledger

/// The days that a page counts, in the reader's zone, and as many before them to compare with.
struct CountRange: Sendable {
    let first: CalendarDay
    /// Included.
    let last: CalendarDay
    /// `1`, `7`, `30`, `90`, or nil for days of the reader's choice.
    let choice: Int?

    static let choices = [1, 7, 30, 90]
    private static let usualChoice = 30
    /// More would be a chart that nobody can read.
    private static let mostDays = 3_660

    /// - Parameters:
    ///   - days: a choice.
    ///   - since: the first day, `YYYY-MM-DD`, with `until`: instead of a choice.
    init(days: String?, since: String?, until: String?, today: CalendarDay) {
        let given = (since.flatMap { CalendarDay($0) }, until.flatMap { CalendarDay($0) })
        if let first = given.0, let last = given.1, first <= last, last.daysSinceEpoch - first.daysSinceEpoch < Self.mostDays {
            (self.first, self.last, choice) = (first, last, nil)
            return
        }
        let days = days.flatMap { Int($0) }.flatMap { Self.choices.contains($0) ? $0 : nil } ?? Self.usualChoice
        choice = days
        last = today
        first = CalendarDay(daysSinceEpoch: today.daysSinceEpoch - days + 1)
    }

    var days: Int { last.daysSinceEpoch - first.daysSinceEpoch + 1 }

    /// As many days before.
    var before: (first: CalendarDay, last: CalendarDay) {
        (
            CalendarDay(daysSinceEpoch: first.daysSinceEpoch - days), CalendarDay(daysSinceEpoch: first.daysSinceEpoch - 1)
        )
    }

    /// By hour for a day, by week for more than half a year.
    var period: CountDimension {
        switch days {
        case 1: .hour
        case ...92: .day
        case ...550: .week
        default: .month
        }
    }

    func query(
        by dimensions: [CountDimension], filters: [CountFilter] = [], zone: TimeZone, isBefore: Bool = false
    ) throws -> CountQuery {
        let periods = CountPeriods(timeZone: zone)
        let (first, last) = isBefore ? before : (self.first, self.last)
        return try CountQuery(
            dimensions: dimensions, filters: filters, since: periods.start(of: first), until: periods.start(of: last.next),
            timeZone: zone)
    }
}
