import Attribution
import Office
import Testing

@testable import Subscriptions

@Suite("Usage")
struct UsageTests {
    private let office: Office

    init() throws {
        office = try Office.withPartners()
        try office.tell(.sample("e-1"))
    }

    @discardableResult
    private func tell(_ event: String, _ isActive: Bool, _ time: String) throws -> EventReport {
        let usage = try UsageEvent(event: event, subscription: "sub-1", isActive: isActive, time: time, now: Moment.later)
        return try office.take(usage, by: .provider, at: Moment.later)
    }

    @Test("counts while the provider reports the workload active")
    func active() throws {
        let association = try #require(try office.set("2345678").association)
        #expect(association.program == .usage && !association.counts(at: Moment.later, isActive: nil))
        try tell("u-1", true, "2016-10-10T00:00:00Z")
        #expect(try office.subscription("sub-1")?.isActive == true)
        try tell("u-2", false, "2016-10-20T00:00:00Z")
        // Told late: it lies before.
        try tell("u-3", true, "2016-10-15T00:00:00Z")
        #expect(try office.subscription("sub-1")?.isActive == false)
        let reports = try office.workload(of: "sub-1")
        #expect(reports.map(\.isActive) == [true, true, false])
        func counts(_ time: String) -> Bool {
            let time = Timestamp(rfc3339: time)!
            return association.counts(at: time, isActive: reports.isActive(at: time))
        }
        #expect(!counts("2016-10-09T00:00:00Z") && counts("2016-10-10T00:00:00Z") && !counts("2016-10-20T00:00:00Z"))
    }

    @Test("never counts on an OSA form alone from January 2016 on")
    func osaForm() {
        let association = PartnerOfRecord(partner: partner("2345678"), program: .usage, evidence: .osaForm)
        #expect(association.counts(at: Timestamp(rfc3339: "2015-12-31T23:59:59Z")!, isActive: true))
        #expect(!association.counts(at: Timestamp(rfc3339: "2016-01-01T00:00:00Z")!, isActive: true))
        // That it is not in use either is not what has to change.
        for isActive in [nil, false, true] as [Bool?] {
            #expect(association.obstacle(at: Moment.later, isActive: isActive) == .byForm)
        }
        let sold = PartnerOfRecord(partner: partner("1234567"), program: .sell, evidence: .osaForm)
        #expect(sold.counts(at: Moment.later, isActive: nil))
    }

    @Test("is told once, of a subscription that there is")
    func told() throws {
        let first = try tell("u-1", true, "2016-10-10T00:00:00Z")
        #expect(first.receipt == nil && first.version == 2)
        #expect(try tell("u-1", true, "2016-10-10T00:00:00Z").isRepeated)
        #expect(throws: SubscriptionRefusal.eventDiffers("u-1")) { try tell("u-1", false, "2016-10-10T00:00:00Z") }
        // The provider's event IDs are one set.
        #expect(throws: SubscriptionRefusal.eventDiffers("e-1")) { try tell("e-1", true, "2016-10-10T00:00:00Z") }
        let stranger = try UsageEvent(
            event: "u-2", subscription: "sub-9", isActive: true, time: "2016-10-10T00:00:00Z", now: Moment.later)
        #expect(throws: SubscriptionRefusal.unknown("sub-9")) { try office.take(stranger, by: .provider, at: Moment.later) }
    }

    @Test("is a program by any of its names")
    func names() {
        #expect(["Usage", "OSU", "online services USAGE"].compactMap { Program(named: $0) } == [.usage, .usage, .usage])
        #expect(["SELL", "Online Services Sell", "cpor"].map { Program(named: $0) } == [.sell, .sell, nil])
    }
}
