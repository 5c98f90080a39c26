package import Attribution
package import Foundation

/// Folds quarter hours of UTC into hours, days, weeks and months of a time zone.
///
/// The offset is asked for every quarter hour, so that the day on which clocks change has its 23 or 25 hours.
package struct CountPeriods: Sendable {
    package let timeZone: TimeZone

    package init(timeZone: TimeZone) {
        self.timeZone = timeZone
        let isNamedSo = ["UTC", "GMT"].contains(timeZone.identifier)
        isUTC = isNamedSo || Self.samples.allSatisfy { timeZone.secondsFromGMT(for: $0) == 0 }
    }

    /// Whether days are UTC days, in all years that a ledger can be about: some zones have UTC's time now and had another, as
    /// Africa/Sao_Tome had for a year.
    package let isUTC: Bool

    /// A moment of each four weeks since the first Windows Server Essentials: no zone left UTC's time for less.
    private static let samples: [Date] = {
        let first = CalendarDay(year: 2012, month: 1, day: 1).start.seconds
        return stride(from: first, to: first + 30 * 365 * 86_400, by: 28 * 86_400).map {
            Date(timeIntervalSince1970: Double($0))
        }
    }()

    /// How a period is written: an hour as `2026-03-29T03:00+02:00`, a day as `2026-03-29`, a week as the day of its Monday
    /// (ISO 8601), a month as `2026-03`.
    package func label(_ dimension: CountDimension, of bucket: QuarterHour) -> String {
        let offset = offsetSeconds(at: bucket.start)
        let day = localDay(of: bucket)
        switch dimension {
        case .hour: return hourLabel(bucket, offset: offset, day: day)
        case .week: return Self.monday(of: day).description
        case .month: return String(day.description.prefix(7))
        default: return day.description
        }
    }

    private func hourLabel(_ bucket: QuarterHour, offset: Int, day: CalendarDay) -> String {
        let secondsIntoDay = Int(bucket.start.seconds) + offset - day.daysSinceEpoch * 86_400
        let sign = offset < 0 ? "-" : "+"
        let minutes = abs(offset) / 60
        return "\(day)T\(Self.two(secondsIntoDay / 3_600)):00\(sign)\(Self.two(minutes / 60)):\(Self.two(minutes % 60))"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The epoch's day was a Thursday.
    private static func monday(of day: CalendarDay) -> CalendarDay {
        let weekday = ((day.daysSinceEpoch + 3) % 7 + 7) % 7
        return CalendarDay(daysSinceEpoch: day.daysSinceEpoch - weekday)
    }

    /// The zone's day that a quarter hour belongs to.
    package func localDay(of bucket: QuarterHour) -> CalendarDay {
        let local = bucket.start.microseconds + Int64(offsetSeconds(at: bucket.start)) * Timestamp.microsecondsPerSecond
        return Timestamp(microseconds: local).day
    }

    /// Periods that begin within a quarter hour cannot be told apart. Since 1972 no zone has such; before, many cities kept the
    /// time of their sun. To Foundation, `GMT+05:07` is a zone as well.
    func requireQuarterHours(at bucket: QuarterHour) throws(CountQueryError) {
        let offset = Int64(offsetSeconds(at: bucket.start)) * Timestamp.microsecondsPerSecond
        guard offset % QuarterHour.microseconds == 0 else {
            throw .offQuarterHours(zone: timeZone.identifier, day: localDay(of: bucket))
        }
    }

    func offsetSeconds(at time: Timestamp) -> Int {
        timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time.seconds)))
    }

    /// Where the search for the beginning of a day starts, before that day's midnight in UTC. Zones of the tz database were up
    /// to 15 h 14 min ahead of UTC, and Foundation takes offsets of up to 18 h (`GMT+18`); one hour more costs four steps.
    private static let earliestQuarterHours: Int64 = 19 * 4

    /// The first quarter hour of a day of the zone. Where clocks skip midnight, that is not midnight.
    package func start(of day: CalendarDay) -> QuarterHour {
        var bucket = QuarterHour(number: QuarterHour(containing: day.start).number - Self.earliestQuarterHours)
        while localDay(of: bucket) < day { bucket = QuarterHour(number: bucket.number + 1) }
        return bucket
    }
}
