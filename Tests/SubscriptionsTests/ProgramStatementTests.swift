import Attribution
import Foundation
import Office
import Testing

@testable import Subscriptions

@Suite("A statement by program")
struct ProgramStatementTests {
    private let office: Office
    private static let day: Int64 = 86_400
    private static let one = "1234567"
    private static let two = "2345678"

    init() throws {
        office = try Office.withPartners()
        try office.tell(.sample("e-1"))
    }

    private func moment(_ text: String) -> Timestamp { Timestamp(rfc3339: text)! }

    private func set(
        _ text: String, of id: String = "sub-1", program: Program? = nil, evidence: Evidence = .digital, at time: String
    ) throws {
        try office.setPartnerOfRecord(
            AssociationOrder(partner: partner(text), program: program, evidence: evidence), of: id, origin: .admin,
            receipt: newReceipt(at:), by: .anna, at: moment(time))
    }

    private func remove(of id: String = "sub-1", at time: String) throws {
        try office.removePartnerOfRecord(of: id, origin: .customer, receipt: newReceipt(at:), by: .anna, at: moment(time))
    }

    private func report(_ isActive: Bool, of id: String = "sub-1", _ time: String) throws {
        let event = try UsageEvent(
            event: "\(id) \(time)".replacing(" ", with: "-"), subscription: id, isActive: isActive, time: time,
            now: moment("2017-01-01T00:00:00Z"))
        _ = try office.take(event, by: .provider, at: moment("2017-01-01T00:00:00Z"))
    }

    private func statement(_ text: String, _ month: String, now: String = "2017-06-01T00:00:00Z") throws -> ProgramStatement {
        try office.programStatement(of: partner(text), in: try #require(CalendarMonth(month)), now: moment(now))
    }

    private func figures(
        _ program: String, of text: String = Self.one, _ month: String, now: String = "2017-06-01T00:00:00Z"
    ) throws -> ProgramFigures {
        try #require(try statement(text, month, now: now).programs.first { $0.program == program })
    }

    @Test("has its months' borders in UTC, to the microsecond: what happens at the border belongs to the month that begins")
    func borders() throws {
        try office.tell(.sample("e-2", [.id: "sub-2"]))
        try set(Self.one, at: "2016-10-31T23:59:59.999999Z")
        try set(Self.one, of: "sub-2", at: "2016-11-01T00:00:00Z")
        let october = try figures("sell", "2016-10")
        #expect(october.counts == [0, 1, 0, 0, 1, 1, 1, 0])
        let november = try figures("sell", "2016-11")
        #expect(november.counts == [1, 1, 0, 0, 2, 2, 2, 60 * Self.day])
        try remove(at: "2016-12-01T00:00:00Z")
        #expect(try figures("sell", "2016-11") == november)
        let december = try figures("sell", "2016-12")
        #expect(december.counts == [2, 0, 0, 1, 1, 1, 1, 31 * Self.day])
        #expect(try statement(Self.one, "2016-09").isEmpty)
    }

    @Test("adds up: the start, what came and what went make the end, also over the turn of the year")
    func addsUp() throws {
        try set(Self.one, at: "2016-10-10T00:00:00Z")
        try set(Self.two, program: .usage, at: "2016-11-10T00:00:00Z")
        try remove(at: "2016-12-10T00:00:00Z")
        try set(Self.one, at: "2016-12-20T00:00:00Z")
        for text in [Self.one, Self.two] {
            var previous: ProgramStatement?
            for month in ["2016-10", "2016-11", "2016-12", "2017-01"] {
                let statement = try statement(text, month)
                for figures in statement.programs {
                    #expect(figures.atStart + figures.associated - figures.removed == figures.atEnd, "\(text) \(month)")
                }
                if let previous { #expect(statement.programs.map(\.atStart) == previous.programs.map(\.atEnd)) }
                previous = statement
            }
        }
        #expect(try figures("sell", "2016-11").removed == 1)
        #expect(try figures("usage", of: Self.two, "2016-11").associated == 1)
        #expect(try figures("usage", of: Self.two, "2016-12").removed == 1)
        #expect(try figures("sell", "2017-01").atStart == 1)
    }

    @Test("names nobody but the partner")
    func others() throws {
        try set(Self.one, at: "2016-10-10T00:00:00Z")
        try set(Self.two, program: .usage, at: "2016-10-11T00:00:00Z")
        let statement = try statement(Self.one, "2016-10")
        let text = String(decoding: try JSONEncoder().encode(statement) + statement.csv, as: UTF8.self)
        for word in [Self.two, "contoso", "sub-1", "anna"] { #expect(!text.contains(word), "\(word)") }
    }

    @Test("counts for sell from when the subscription exists")
    func sell() throws {
        // The provider's clock is ahead: it was told before it exists.
        try set(Self.one, at: "2016-10-04T07:00:00Z")
        let figures = try figures("sell", "2016-10")
        #expect(figures.counted == 1 && figures.countedAtEnd == 1)
        // From 5 October, 7 o'clock, when it was made.
        #expect(figures.countedSeconds == 26 * Self.day + 17 * 3_600)
        try remove(at: "2016-10-06T07:00:00Z")
        #expect(try self.figures("sell", "2016-10").countedSeconds == Self.day)
        #expect(try self.figures("sell", "2016-10").countedAtEnd == 0)
    }

    @Test("counts for usage only while the workload is reported active, within the month and while the partner is there")
    func usage() throws {
        try set(Self.two, at: "2016-10-08T00:00:00Z")
        #expect(try figures("usage", of: Self.two, "2016-10").counted == 0)
        try report(true, "2016-10-06T00:00:00Z")
        try report(false, "2016-10-20T00:00:00Z")
        try report(true, "2016-10-31T12:00:00Z")
        try report(false, "2016-11-02T00:00:00Z")
        // Told late: it was not in use between.
        try report(false, "2016-10-12T00:00:00Z")
        try report(true, "2016-10-14T00:00:00Z")
        let october = try figures("usage", of: Self.two, "2016-10")
        // 8 to 12, 14 to 20, and half of the last day.
        #expect(october.counted == 1 && october.countedAtEnd == 1)
        #expect(october.countedSeconds == 10 * Self.day + Self.day / 2)
        let november = try figures("usage", of: Self.two, "2016-11")
        #expect(november.counted == 1 && november.countedAtEnd == 0 && november.countedSeconds == Self.day)
        let december = try figures("usage", of: Self.two, "2016-12")
        #expect(december.counts == [1, 0, 0, 0, 1, 0, 0, 0])
        try remove(at: "2016-12-05T00:00:00Z")
        try report(true, "2016-12-06T00:00:00Z")
        #expect(try figures("usage", of: Self.two, "2016-12").counted == 0)
    }

    @Test("counts usage on an OSA form alone until the end of 2015")
    func osaForm() throws {
        try office.tell(.sample("e-0", [.time: "2015-12-01T00:00:00Z"]))
        try report(true, "2015-12-05T00:00:00Z")
        try set(Self.two, evidence: .osaForm, at: "2015-12-22T00:00:00Z")
        let december = try figures("usage", of: Self.two, "2015-12")
        #expect(december.counts == [0, 1, 0, 0, 1, 1, 1, 10 * Self.day])
        let january = try figures("usage", of: Self.two, "2016-01")
        #expect(january.counts == [1, 0, 0, 0, 1, 0, 0, 0])
        // The same partner by its ID: nobody came or went, and it counts.
        try set(Self.two, evidence: .digital, at: "2016-02-10T00:00:00Z")
        let february = try figures("usage", of: Self.two, "2016-02")
        #expect(february.counts == [1, 0, 0, 0, 1, 1, 1, 20 * Self.day])
    }

    @Test("tells programs apart, and what came by receipt")
    func programs() throws {
        let attributed = ClaimedSignup.attributed(receipt(1), partner(Self.one))
        try office.tell(.sample("e-2", [.id: "sub-2"]), attributed, at: moment("2016-10-06T00:00:00Z"))
        let sell = try figures("sell", "2016-10")
        #expect(sell.associated == 1 && sell.byReceipt == 1)
        try set(Self.one, of: "sub-2", program: .usage, at: "2016-10-16T00:00:00Z")
        // From when it was made, on the 5th at seven, to the 16th.
        #expect(try figures("sell", "2016-10").counts == [0, 1, 1, 1, 0, 1, 0, 10 * Self.day + 17 * 3_600])
        #expect(try figures("usage", "2016-10").counts == [0, 1, 0, 0, 1, 0, 0, 0])
        try set("3456789", at: "2016-10-16T00:00:00Z")
        #expect(try figures("none", of: "3456789", "2016-10").counts == [0, 1, 0, 0, 1, 0, 0, 0])
        #expect(try statement("3456789", "2016-10").programs.map(\.program) == ["sell", "usage", "none"])
    }

    @Test("of a month that is not over ends now, and one that has not begun counts nothing")
    func now() throws {
        try set(Self.one, at: "2016-10-10T00:00:00Z")
        let running = try figures("sell", "2016-10", now: "2016-10-12T00:00:00Z")
        #expect(running.counts == [0, 1, 0, 0, 1, 1, 1, 2 * Self.day])
        #expect(try figures("sell", "2016-12", now: "2016-10-12T00:00:00Z").counts == [1, 0, 0, 0, 1, 0, 0, 0])
    }

    @Test("takes a change whose time lies before the one that it follows for one of the same moment")
    func steppedBack() throws {
        try set(Self.one, at: "2016-11-01T00:00:00.000002Z")
        try remove(at: "2016-10-31T23:59:59.999999Z")
        #expect(try figures("sell", "2016-10").counts == [0, 0, 0, 0, 0, 0, 0, 0])
        #expect(try figures("sell", "2016-11").counts == [0, 1, 0, 1, 0, 0, 0, 0])
    }

    @Test("has the same numbers in CSV as in JSON")
    func csv() throws {
        try set(Self.one, at: "2016-10-10T00:00:00Z")
        let statement = try statement(Self.one, "2016-10")
        let lines = String(decoding: statement.csv, as: UTF8.self).split(separator: "\r\n").map(String.init)
        #expect(
            lines[0]
                == "partner,month,program,at_start,associated,by_receipt,removed,at_end,counted,counted_at_end,counted_seconds")
        #expect(lines[1] == "1234567,2016-10,sell,0,1,0,0,1,1,1,\(22 * Self.day)")
        let object = try #require(
            try JSONSerialization.jsonObject(with: JSONEncoder().encode(statement)) as? [String: Any])
        let programs = try #require(object["programs"] as? [[String: Any]])
        let columns = lines[0].split(separator: ",").map(String.init)
        #expect(programs.count == 3 && lines.count == 4)
        for (line, program) in zip(lines.dropFirst(), programs) {
            let row = Dictionary(uniqueKeysWithValues: zip(columns, line.split(separator: ",").map(String.init)))
            for (name, value) in program { #expect(row[name] == "\(value)", "\(name)") }
            #expect(Set(row.keys) == Set(program.keys).union(["partner", "month"]))
        }
    }

    @Test("counts what came of a sign-up from when the subscription was made, however late the provider told of it")
    func toldLate() throws {
        let event = try SubscriptionEvent.sample("e-9", [.id: "sub-9", .time: "2016-10-29T00:00:00Z"])
        let signup = receipt(9, at: moment("2016-10-28T23:00:00Z"))
        try office.tell(event, .attributed(signup, partner(Self.one)), at: moment("2016-11-03T00:00:00Z"))
        #expect(try figures("sell", "2016-10").counts == [0, 1, 1, 0, 1, 1, 1, 3 * Self.day])
        #expect(try figures("sell", "2016-11").counts == [1, 0, 0, 0, 1, 1, 1, 30 * Self.day])
    }

    @Test("counts nobody from before the sign-up")
    func olderThanSignup() throws {
        try office.tell(.sample("e-8", [.id: "sub-8", .time: "2016-08-05T00:00:00Z"]))
        let signup = receipt(8, at: moment("2016-10-03T00:00:00Z"))
        let event = try SubscriptionEvent.sample("e-9", [.id: "sub-8", .time: "2016-10-03T01:00:00Z"])
        try office.tell(event, .attributed(signup, partner(Self.one)), at: moment("2016-10-04T00:00:00Z"))
        #expect(try figures("sell", "2016-08").counts == [0, 0, 0, 0, 0, 0, 0, 0])
        #expect(try figures("sell", "2016-10").counts == [0, 1, 1, 0, 1, 1, 1, 29 * Self.day])
    }
}
