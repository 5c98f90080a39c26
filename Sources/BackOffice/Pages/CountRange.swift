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
    /// Whether days were given that make no range: the usual ones stand in for them.
    let isMistaken: Bool

    static let choices = [1, 7, 30, 90]
    private static let usualChoice = 30
    /// More would be a chart that nobody can read.
    static let mostDays = 3_660

    /// - Parameters:
    ///   - days: a choice.
    ///   - since: the first day, `YYYY-MM-DD`, with `until`: instead of a choice.
    init(days: String?, since: String?, until: String?, today: CalendarDay) {
        let given = (since.flatMap { CalendarDay($0) }, until.flatMap { CalendarDay($0) })
        if let first = given.0, let last = given.1, first <= last, last.daysSinceEpoch - first.daysSinceEpoch < Self.mostDays {
            (self.first, self.last, choice, isMistaken) = (first, last, nil, false)
            return
        }
        let chosen = days.flatMap { Int($0) }.flatMap { Self.choices.contains($0) ? $0 : nil }
        isMistaken = since != nil || until != nil || (days != nil && chosen == nil)
        choice = chosen ?? Self.usualChoice
        last = today
        first = CalendarDay(daysSinceEpoch: today.daysSinceEpoch - choice! + 1)
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

    func query(by dimensions: [CountDimension], filters: [CountFilter] = [], zone: TimeZone) throws -> CountQuery {
        let periods = CountPeriods(timeZone: zone)
        return try CountQuery(
            dimensions: dimensions, filters: filters, since: periods.start(of: first), until: periods.start(of: last.next),
            timeZone: zone)
    }

    /// All of the days before, to compare with; of days that are not over yet, up to the same time of the day.
    func queryBefore(now: Timestamp, zone: TimeZone) throws -> CountQuery {
        let periods = CountPeriods(timeZone: zone)
        var until = periods.start(of: first)
        if isUnderWay(at: now, zone: zone) {
            // The quarter hour that has begun counts on both sides.
            let running = QuarterHour(containing: now)
            let today = periods.localDay(of: running)
            let day = CalendarDay(daysSinceEpoch: today.daysSinceEpoch - days)
            let passed = running.number + 1 - periods.start(of: today).number
            until = min(QuarterHour(number: periods.start(of: day).number + passed), periods.start(of: day.next))
        }
        return try CountQuery(dimensions: [], since: periods.start(of: before.first), until: until, timeZone: zone)
    }

    /// Whether the range has begun and is not over.
    func isUnderWay(at now: Timestamp, zone: TimeZone) -> Bool {
        (first...last).contains(CountPeriods(timeZone: zone).localDay(of: QuarterHour(containing: now)))
    }

    /// More bars than this would be thinner than a line.
    private static let mostBars = 400

    /// All periods of the range in their order, also those without sign-ups; nil when there are too many for a chart.
    func labels(of period: CountDimension, zone: TimeZone) -> [String]? {
        if period == .hour { return hourLabels(zone: zone) }
        // A zone's days are the calendar's. Asking it for each would be some 300,000 look-ups for ten years of them.
        let calendar = CountPeriods(timeZone: .gmt)
        var labels: [String] = []
        for number in first.daysSinceEpoch...last.daysSinceEpoch {
            let day = CalendarDay(daysSinceEpoch: number)
            let label = calendar.label(period, of: QuarterHour(containing: day.start))
            if labels.last != label { labels.append(label) }
            guard labels.count <= Self.mostBars else { return nil }
        }
        return labels
    }

    /// The day on which clocks change has 23 or 25.
    private func hourLabels(zone: TimeZone) -> [String]? {
        guard days <= Self.mostBars / 24 else { return nil }
        let periods = CountPeriods(timeZone: zone)
        let end = periods.start(of: last.next)
        var bucket = periods.start(of: first)
        var labels: [String] = []
        while bucket < end {
            let label = periods.label(.hour, of: bucket)
            if labels.last != label { labels.append(label) }
            bucket = QuarterHour(number: bucket.number + 1)
        }
        return labels
    }
}
