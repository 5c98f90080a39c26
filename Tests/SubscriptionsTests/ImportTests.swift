import Attribution
import Office
import Testing

@testable import Subscriptions

@Suite("A CSV of events")
struct ImportTests {
    private let office: Office

    init() throws { office = try Office.withPartners() }

    private static let header = "event,id,tenant,product,offer,seats,channel,time,receipt\n"

    private func take(_ text: String, dryRun: Bool = false) throws -> SubscriptionImportReport {
        let claimed: [String: ClaimedSignup] = [receipt(1).description: .attributed(receipt(1), partner("1234567"))]
        return try office.importSubscriptions(
            SubscriptionCSV(Array(text.utf8), now: Moment.later), fileName: "s.csv", claimed: { claimed[$0] },
            SubscriptionRules(), receipt: newReceipt(at:), by: .anna, at: Moment.later, dryRun: dryRun)
    }

    @Test("is taken as if each had been told, after a dry run that wrote nothing")
    func taken() throws {
        let file = """
            \(Self.header)e-1,sub-1,contoso.example,office-365,E3,5,direct,2016-10-05T07:00:00Z,\(receipt(1))
            e-2,sub-2,contoso.example,crm,C1,1,ea,2016-10-05T07:00:00Z,\(receipt(1))
            e-3,sub-3,"Fabrikam, Inc.",intune,I1,1,direct,2016-10-05T07:00:00Z,
            e-4,sub-4,contoso.example,aadp,A1,1,syndicated,2016-10-05T07:00:00Z,nonsense

            """
        let preview = try take(file, dryRun: true)
        #expect(preview.dryRun && preview.events == 4 && preview.associated == 1)
        #expect(preview.findings == ["usable": 1, "used": 1, "none": 1, "unknown": 1])
        #expect(try office.subscription("sub-1") == nil)
        var report = try take(file)
        #expect(!report.dryRun)
        report.dryRun = true
        #expect(report == preview)
        #expect(try office.subscription("sub-1")?.association?.partner == partner("1234567"))
        #expect(try office.accessLog(limit: 1).first?.what == "s.csv, new events: 4, partners of record set: 1, removed: 0")
        let again = try take(file)
        #expect(again.repeated == 4 && again.associated == 0 && again.findings.isEmpty && again.listed.isEmpty)
    }

    @Test("ends partners of record where it says that a syndicator sold the subscription, and counts them")
    func removed() throws {
        try office.tell(.sample("e-1"), .attributed(receipt(1), partner("1234567")))
        let file = """
            \(Self.header)e-2,sub-1,contoso.example,office-365,E3,5,syndicated,2016-10-06T07:00:00Z,
            e-3,sub-1,contoso.example,office-365,E3,5,syndicated,2016-10-07T07:00:00Z,

            """
        for dryRun in [true, false] {
            let report = try take(file, dryRun: dryRun)
            #expect(report.events == 2 && report.removed == 1 && report.associated == 0)
        }
        #expect(try office.subscription("sub-1")?.association == nil)
        #expect(
            try office.accessLog(limit: 1).first?.what == "s.csv, new events: 2, partners of record set: 0, removed: 1")
        #expect(try take(file).removed == 0)
    }

    @Test("is taken as a whole or not at all, and every mistake is named with its line")
    func refused() throws {
        let file = """
            \(Self.header)e-1,sub-1,contoso.example,office-365,E3,5,direct,2016-10-05T07:00:00Z,
            e-1,sub-1,contoso.example,office-365,E3,6,direct,2016-10-05T07:00:00Z,
            e-2,sub-1,contoso.example,crm,E3,5,direct,2016-10-05T07:00:00Z,

            """
        let differing = #expect(throws: SubscriptionRefusal.self) { try take(file) }
        guard case .file(_, let lines) = differing else {
            Issue.record("\(String(describing: differing))")
            return
        }
        #expect(lines.count == 2 && lines[0].hasPrefix("s.csv:3: the event e-1") && lines[1].hasPrefix("s.csv:4: subscription"))
        #expect(try office.subscription("sub-1") == nil)
        for (text, fault) in [
            ("", "s.csv:1: the file is empty, expected a header"),
            ("event,id\n", "s.csv:1: no column tenant, expected event,id,tenant,product,offer,seats,channel,time,receipt"),
            (Self.header + "e-1,sub-1\n", "s.csv:2: 2 fields, expected 9 as in the header"),
            (
                Self.header + "e-1,sub-1,c,office-365,E3,many,direct,2016-10-05T07:00:00Z,\n",
                "s.csv:2: seats is no number, expected a number from 0 to 10000000"
            ),
        ] {
            let refusal = #expect(throws: SubscriptionRefusal.self) { try take(text) }
            guard case .file(_, let lines) = refusal else {
                Issue.record("\(String(describing: refusal))")
                continue
            }
            #expect(lines.first == fault)
        }
    }
}
