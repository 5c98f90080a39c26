import Attribution
import Foundation
import Testing

@testable import Ledger

@Suite("Periods of a time zone")
struct CountPeriodTests {
    private func label(_ dimension: CountDimension, _ time: String, _ zone: String) -> String {
        let bucket = QuarterHour(containing: Timestamp(rfc3339: time)!)
        return CountPeriods(timeZone: TimeZone(identifier: zone)!).label(dimension, of: bucket)
    }

    @Test(
        "hours, days, weeks and months begin when they begin there",
        arguments: [
            (CountDimension.hour, "2016-10-03T12:44:00Z", "UTC", "2016-10-03T12:00+00:00"),
            (.day, "2016-10-03T18:14:00Z", "Asia/Kathmandu", "2016-10-03"),
            (.day, "2016-10-03T18:15:00Z", "Asia/Kathmandu", "2016-10-04"),
            (.hour, "2016-10-03T18:15:00Z", "Asia/Kathmandu", "2016-10-04T00:00+05:45"),
            (.hour, "2016-03-27T00:59:00Z", "Europe/Paris", "2016-03-27T01:00+01:00"),
            (.hour, "2016-03-27T01:00:00Z", "Europe/Paris", "2016-03-27T03:00+02:00"),
            (.hour, "2016-10-30T00:30:00Z", "Europe/Paris", "2016-10-30T02:00+02:00"),
            (.hour, "2016-10-30T01:30:00Z", "Europe/Paris", "2016-10-30T02:00+01:00"),
            (.day, "2016-10-30T22:59:00Z", "Europe/Paris", "2016-10-30"),
            (.day, "2016-10-30T23:00:00Z", "Europe/Paris", "2016-10-31"),
            (.day, "2016-10-30T22:00:00Z", "Europe/Paris", "2016-10-30"),
            (.week, "2016-10-02T23:59:00Z", "UTC", "2016-09-26"),
            (.week, "2016-10-03T00:00:00Z", "UTC", "2016-10-03"),
            (.week, "2017-01-01T12:00:00Z", "UTC", "2016-12-26"),
            (.month, "2016-12-31T23:00:00Z", "Europe/Paris", "2017-01"),
            (.hour, "2016-10-03T02:00:00Z", "America/St_Johns", "2016-10-02T23:00-02:30"),
        ] as [(CountDimension, String, String, String)])
    func labels(dimension: CountDimension, time: String, zone: String, expected: String) {
        #expect(label(dimension, time, zone) == expected)
    }

    @Test(
        "days are UTC days where they always were",
        arguments: [
            ("UTC", true), ("GMT", true), ("Etc/UTC", true), ("Africa/Abidjan", true), ("Atlantic/Reykjavik", true),
            ("Africa/Sao_Tome", false), ("Europe/London", false), ("Africa/Casablanca", false), ("Asia/Kathmandu", false),
        ])
    func utc(zone: String, isUTC: Bool) throws {
        #expect(CountPeriods(timeZone: try #require(TimeZone(identifier: zone))).isUTC == isUTC)
    }

    @Test("the day on which clocks change has 23 or 25 hours")
    func changeDays() throws {
        let paris = CountPeriods(timeZone: try #require(TimeZone(identifier: "Europe/Paris")))
        func quarterHours(_ text: String) throws -> Int64 {
            let day = try #require(CalendarDay(text))
            return paris.start(of: day.next).number - paris.start(of: day).number
        }
        #expect(try quarterHours("2016-03-27") == 23 * 4)
        #expect(try quarterHours("2016-10-30") == 25 * 4)
        #expect(try quarterHours("2016-10-31") == 24 * 4)
    }

    @Test("a day that has no midnight begins when its first hour does")
    func skippedMidnight() throws {
        // In Brazil clocks went from 23:59:59 on 15 October 2016 to 01:00 on the 16th.
        let saoPaulo = CountPeriods(timeZone: try #require(TimeZone(identifier: "America/Sao_Paulo")))
        let start = saoPaulo.start(of: try #require(CalendarDay("2016-10-16")))
        #expect(start.start.description == "2016-10-16T03:00:00.000000Z")
        #expect(saoPaulo.label(.hour, of: start) == "2016-10-16T01:00-02:00")
    }

    @Test(
        "days begin when they begin there, however far the zone is from UTC",
        arguments: [
            ("GMT+18", "2016-10-02T06:00:00.000000Z"), ("GMT+15:30", "2016-10-02T08:30:00.000000Z"),
            ("Pacific/Kiritimati", "2016-10-02T10:00:00.000000Z"), ("UTC", "2016-10-03T00:00:00.000000Z"),
            ("Etc/GMT+12", "2016-10-03T12:00:00.000000Z"), ("GMT-18", "2016-10-03T18:00:00.000000Z"),
        ])
    func farZones(zone: String, expected: String) throws {
        let periods = CountPeriods(timeZone: try #require(TimeZone(identifier: zone)))
        let day = try #require(CalendarDay("2016-10-03"))
        let start = periods.start(of: day)
        #expect(start.start.description == expected)
        #expect(periods.localDay(of: QuarterHour(number: start.number - 1)) < day)
    }

    @Test("zones that were no whole quarter hours from UTC when something was counted are refused, but not for later days")
    func offQuarterHours() throws {
        let folder = try TemporaryFolder()
        // Until 7 January 1972 Liberia was 44 minutes and 30 seconds behind UTC.
        try writeLedger(folder, [.sample(1), .sample(2, time: Timestamp(rfc3339: "1971-12-31T12:00:00Z")!)])
        let reader = try LedgerReader.open(folder: folder.path)
        let monrovia = try #require(TimeZone(identifier: "Africa/Monrovia"))
        let odd = try #require(TimeZone(identifier: "GMT+05:07"))
        let bound = QuarterHour(startingAt: .noon)
        #expect(throws: CountQueryError.offQuarterHours(zone: "GMT+0507", day: CalendarDay("2016-10-03")!)) {
            try reader.counts(CountQuery(dimensions: [.hour], since: bound, timeZone: odd))
        }
        #expect(throws: CountQueryError.offQuarterHours(zone: "Africa/Monrovia", day: CalendarDay("1971-12-31")!)) {
            try reader.counts(CountQuery(dimensions: [.outcome, .day], timeZone: monrovia))
        }
        #expect(
            try reader.counts(CountQuery(dimensions: [.day], since: bound, timeZone: monrovia)).lines.map(\.values)
                == [["2016-10-03"]])
        #expect(try reader.counts(CountQuery(dimensions: [.outcome], timeZone: monrovia)).total.requests == 2)
    }

    @Test("zones further from UTC than 18 hours are none, so that no day begins before the search does")
    func tooFarZones() {
        #expect(TimeZone(identifier: "GMT+18") != nil)
        for zone in ["GMT+18:15", "GMT+19", "GMT+24"] { #expect(TimeZone(identifier: zone) == nil, "\(zone)") }
    }

    @Test("quarter hours of a zone of 45 minutes add up to its days")
    func kathmanduAddsUp() throws {
        let folder = try TemporaryFolder()
        let first = Timestamp(rfc3339: "2016-10-02T18:15:00Z")!
        let drafts = (0..<96).map { RecordDraft.sample(UInt64($0), time: first.adding(seconds: Double($0) * 900 + 899)) }
        try writeLedger(folder, drafts)
        let query = try CountQuery(dimensions: [.day], timeZone: try #require(TimeZone(identifier: "Asia/Kathmandu")))
        let table = try LedgerReader.open(folder: folder.path).counts(query)
        #expect(table.lines.map(\.values) == [["2016-10-03"]])
        #expect(table.total.requests == 96)
    }
}
