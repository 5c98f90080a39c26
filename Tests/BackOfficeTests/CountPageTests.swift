import Attribution
import Foundation
import Ledger
import Testing

@testable import BackOffice

@Suite("What pages make of counts")
struct CountPageTests {
    private let today = CalendarDay(year: 2016, month: 10, day: 3)

    private func range(_ days: String?, _ since: String? = nil, _ until: String? = nil) -> CountRange {
        CountRange(days: days, since: since, until: until, today: today)
    }

    @Test("days are those that were chosen, up to today")
    func choices() {
        #expect(range("7").first == CalendarDay(year: 2016, month: 9, day: 27) && range("7").last == today)
        #expect(range("7").choice == 7 && !range("7").isMistaken && range(nil).choice == 30 && !range(nil).isMistaken)
        let own = range(nil, "2016-09-30", "2016-10-02")
        #expect(own.days == 3 && own.choice == nil && !own.isMistaken)
        #expect(own.before.first.description == "2016-09-27" && own.before.last.description == "2016-09-29")
    }

    @Test("days that are not over are compared with as much of the days before")
    func underWay() throws {
        let paris = try #require(TimeZone(identifier: "Europe/Paris"))
        // 10:07 in Paris, where the day began at 22:00 UTC.
        let now = Timestamp(rfc3339: "2016-10-03T08:07:00Z")!
        func before(_ range: CountRange) throws -> (String, String) {
            let query = try range.queryBefore(now: now, zone: paris)
            return (query.since!.start.description, query.until!.start.description)
        }
        #expect(try before(range("1")) == ("2016-10-01T22:00:00.000000Z", "2016-10-02T08:15:00.000000Z"))
        #expect(try before(range("7")) == ("2016-09-19T22:00:00.000000Z", "2016-09-26T08:15:00.000000Z"))
        #expect(range("7").isUnderWay(at: now, zone: paris))
        let over = range(nil, "2016-10-01", "2016-10-02")
        #expect(try before(over) == ("2016-09-28T22:00:00.000000Z", "2016-09-30T22:00:00.000000Z"))
        #expect(!over.isUnderWay(at: now, zone: paris))
        let toCome = range(nil, "2016-10-05", "2016-10-05")
        #expect(try before(toCome) == ("2016-10-03T22:00:00.000000Z", "2016-10-04T22:00:00.000000Z"))
    }

    @Test("of a day that follows a shorter one no more is compared than that one had")
    func clocks() throws {
        let paris = try #require(TimeZone(identifier: "Europe/Paris"))
        let day = CountRange(days: nil, since: "2016-10-30", until: "2016-10-30", today: today)
        let query = try day.queryBefore(now: Timestamp(rfc3339: "2016-10-30T22:40:00Z")!, zone: paris)
        #expect(query.until!.start.description == "2016-10-29T22:00:00.000000Z")
        // Of days between which clocks went back an hour, the same time of the day: 10:07 in Paris on both.
        let week = CountRange(days: nil, since: "2016-10-25", until: "2016-10-31", today: today)
        let weekBefore = try week.queryBefore(now: Timestamp(rfc3339: "2016-10-31T09:07:00Z")!, zone: paris)
        #expect(weekBefore.until!.start.description == "2016-10-24T08:15:00.000000Z")
    }

    @Test(
        "days that make no range are told",
        arguments: [
            (nil, "2016-10-03", "2016-10-02"), (nil, "2016-10-03", nil), (nil, nil, "2016-10-03"), ("8", nil, nil),
            (nil, "x", "2016-10-03"), (nil, "1990-01-01", "2016-01-01"),
        ] as [(String?, String?, String?)])
    func mistaken(days: String?, since: String?, until: String?) {
        let range = range(days, since, until)
        #expect(range.isMistaken && range.choice == 30 && range.last == today)
    }

    @Test("a chart has a bar for each period, also for those without sign-ups")
    func labels() throws {
        let paris = try #require(TimeZone(identifier: "Europe/Paris"))
        #expect(range("7").labels(of: .day, zone: paris)?.first == "2016-09-27")
        #expect(range("7").labels(of: .day, zone: paris)?.count == 7)
        #expect(range("30").labels(of: .month, zone: .gmt) == ["2016-09", "2016-10"])
        #expect(range(nil, "2016-10-02", "2016-10-03").labels(of: .week, zone: .gmt) == ["2016-09-26", "2016-10-03"])
        let long = range(nil, "2016-10-30", "2016-10-30").labels(of: .hour, zone: paris)
        #expect(long?.count == 25 && long?[2] == "2016-10-30T02:00+02:00" && long?[3] == "2016-10-30T02:00+01:00")
        #expect(range("30").labels(of: .hour, zone: .gmt) == nil)
        // Samoa had no 30 December 2011. Its bar stays empty: days are not asked of the zone.
        let samoa = try #require(TimeZone(identifier: "Pacific/Apia"))
        #expect(range(nil, "2011-12-29", "2011-12-31").labels(of: .day, zone: samoa)?.count == 3)
        #expect(range(nil, "2006-10-04", "2016-10-03").labels(of: .month, zone: samoa)?.count == 121)
        #expect(range(nil, "2010-01-01", "2016-01-01").labels(of: .day, zone: .gmt) == nil)
    }

    private func line(_ values: [String], _ requests: Int64, visits: Int64 = 0) -> CountTable.Line {
        CountTable.Line(
            values: values, tally: CounterTally(requests: requests, visits: visits, unique: 0, attributed: 0))
    }

    @Test("a chart shows the ten largest values, and the rest together")
    func largest() {
        let lines = (1...12).map { line(["campaign-\($0)", $0 % 2 == 0 ? "web" : "essentials"], Int64($0)) }
        let table = CountTable(dimensions: [.campaign, .origin], lines: lines)
        let chart = CountChart(table, measure: .requests, periods: nil)
        #expect(chart.bars.count == 11 && chart.bars[0] == "campaign-12" && chart.bars[10] == nil)
        #expect(chart.series == ["web", "essentials"])
        #expect(chart.values[0] == [12, 0] && chart.values[1] == [0, 11] && chart.values[10] == [2, 1])
        #expect(chart.values.flatMap { $0 }.reduce(0, +) == table.total.requests)
    }

    @Test("a rest of one value has its name")
    func eleven() {
        let table = CountTable(dimensions: [.campaign], lines: (1...11).map { line(["campaign-\($0)"], Int64($0)) })
        let chart = CountChart(table, measure: .requests, periods: nil)
        #expect(chart.bars.count == 11 && chart.bars[10] == "campaign-1" && chart.series == [nil])
    }

    @Test("where one dimension is a period, the bars are periods, whichever comes first")
    func periods() {
        let periods = ["2016-10-01", "2016-10-02", "2016-10-03"]
        let lines = [line(["web", "2016-10-01"], 2, visits: 1), line(["web", "2016-10-03"], 4, visits: 3)]
        let table = CountTable(dimensions: [.origin, .day], lines: lines)
        let chart = CountChart(table, measure: .visits, periods: periods)
        #expect(chart.bars == periods && chart.series == ["web"] && chart.values == [[1], [0], [3]])
    }

    @Test("the log is linked to for who may read it, where it can be asked for the same")
    func links() throws {
        let kathmandu = try #require(TimeZone(identifier: "Asia/Kathmandu"))
        let links = CountLinks(range: range("1"), zone: kathmandu, readsLog: true)
        #expect(
            links.log([(.campaign, "a&b")])
                == "/log?since=2016-10-02T18%3A15%3A00Z&until=2016-10-03T18%3A15%3A00Z&kind=signup&campaign=a%26b")
        #expect(links.log([(.clientOS, "windows-8")]) == nil && links.log([(.campaign, "")]) == nil)
        #expect(links.log([(.campaign, "other")]) == nil)
        // Records of before it was in the directory name it too, and are not counted as its.
        #expect(links.log([(.partner, "1234567")]) == nil)
        #expect(links.log([(.partner, "1234567"), (.outcome, "attributed")])?.hasSuffix("&outcome=attributed") == true)
        let inUTC = CountLinks(range: range("1"), zone: .gmt, readsLog: true)
        #expect(inUTC.log() == "/log?since=2016-10-03&until=2016-10-03&kind=signup")
        #expect(CountLinks(range: range("1"), zone: .gmt, readsLog: false).log() == nil)
        #expect(
            inUTC.origins(.culture, .day, measure: .visits, zone: .gmt)
                == "/origins?first=culture&second=day&measure=visits&since=2016-10-03&until=2016-10-03&timezone=UTC")
    }

    @Test("parts of a numbered bar bear their numbers where there is room")
    func numbers() {
        var chart = BarChart(
            series: [("c0", "a"), ("c1", "b")], bars: [.init(label: "x", values: [1, 99], shortLabel: "<x")], title: "t",
            format: PageFormat(language: .english, timeZone: .gmt), isNumbered: true)
        #expect(chart.svg.contains(">2</text>") && !chart.svg.contains(">1</text>") && chart.svg.contains("&lt;x</text>"))
        chart.isNumbered = false
        #expect(!chart.svg.contains("class=\"number\""))
    }

    @Test("a label below a bar is cut where there is no room")
    func labelsBelow() {
        let bars = (1...11).map { BarChart.Bar(label: "campaign number \($0)", values: [1], shortLabel: "campaign number \($0)") }
        let format = PageFormat(language: .english, timeZone: .gmt)
        let many = BarChart(series: [("c0", "")], bars: bars, title: "t", format: format)
        #expect(many.svg.contains(">campaign nu…</text>") && many.svg.contains("<title>campaign number 11\n1</title>"))
        let few = BarChart(series: [("c0", "")], bars: Array(bars.prefix(3)), title: "t", format: format)
        #expect(few.svg.contains(">campaign number 3</text>"))
    }
}
