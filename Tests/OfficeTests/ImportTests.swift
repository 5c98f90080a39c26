import Attribution
import Foundation
import Office
import Testing

@Suite("A partner CSV is imported as a whole or not at all")
struct ImportTests {
    private let folder: TemporaryFolder
    private let office: Office

    init() throws {
        folder = try TemporaryFolder()
        office = try Office.open(folder: folder.path)
    }

    private static let twoPartners = """
        id,name,status,status_reason,account,parent,agreement,email,language,valid_from,valid_to,programs
        1234567,One,active,,location,4000100,mospa,one@example.com,en-GB,2015-01-01,2020-12-31,sell;usage
        4000100,Group,suspended,lapsed,global,,mosra,,,,,
        """

    @Test("every column arrives")
    func everyColumn() throws {
        let report = try office.importText(Self.twoPartners)
        #expect(report.added == 2 && report.changed == 0 && report.unchanged == 0 && report.notNamed == 0)
        #expect(report.directoryVersion == 1)
        let one = try #require(try office.partner(id("1234567")))
        #expect(
            one
                == Partner(
                    id: id("1234567"), name: "One",
                    standing: PartnerStanding(validFrom: CalendarDay("2015-01-01"), validTo: CalendarDay("2020-12-31")),
                    account: .location, parent: id("4000100"), agreement: .mospa, email: "one@example.com", language: "en-GB",
                    programs: ["sell", "usage"]))
        let group = try #require(try office.partner(id("4000100")))
        #expect(group.account == .global && group.agreement == .mosra)
        #expect(group.standing == PartnerStanding(status: .suspended, statusReason: .lapsed))
        #expect(try office.partners().map(\.id) == [id("1234567"), id("4000100")])
        #expect(try office.partners(status: .suspended).map(\.name) == ["Group"])
        #expect(try office.locations(of: id("4000100")) == [id("1234567")])
    }

    @Test("the snapshot has the standings and the version")
    func snapshot() throws {
        #expect(try office.currentDirectory().version == 0)
        try office.importText(Self.twoPartners)
        let directory = try office.currentDirectory()
        #expect(directory.version == 1 && directory.count == 2)
        #expect(directory[id("4000100")]?.status == .suspended)
        #expect(directory[id("1234567")]?.validTo == CalendarDay("2020-12-31"))
        #expect(directory[id("7")] == nil)
    }

    @Test("partners that the file does not name stay, and columns that it does not have keep their values")
    func upsert() throws {
        try office.importText(Self.twoPartners)
        let report = try office.importText(
            "id,name,status\n4000100,New Group,test\n99,Ninety-nine,suspended\n", at: Moment.second)
        #expect(report.added == 1 && report.changed == 1 && report.unchanged == 0 && report.notNamed == 1)
        #expect(report.directoryVersion == 2)
        let group = try #require(try office.partner(id("4000100")))
        #expect(group.name == "New Group" && group.account == .global && group.agreement == .mosra)
        #expect(group.standing == PartnerStanding(status: .test), "the reason goes with the suspension")
        #expect(try office.partner(id("99"))?.standing.statusReason == .other)
        #expect(try office.partner(id("1234567"))?.name == "One")
    }

    @Test("an empty field of a column that is there takes the value away")
    func emptyFields() throws {
        try office.importText(Self.twoPartners)
        try office.importText("id,name,status,email,valid_to,programs,parent\n1234567,One,active,,,,\n", at: Moment.second)
        let one = try #require(try office.partner(id("1234567")))
        #expect(one.email == nil && one.standing.validTo == nil && one.programs.isEmpty && one.parent == nil)
        #expect(one.standing.validFrom == CalendarDay("2015-01-01"))
    }

    @Test("a suspended partner keeps its reason when the file has no column for it")
    func reasonKept() throws {
        try office.importText(Self.twoPartners)
        let report = try office.importText("id,name,status\n4000100,Group,SUSPENDED\n")
        #expect(report.changesNothing)
        #expect(try office.partner(id("4000100"))?.standing.statusReason == .lapsed)
    }

    @Test("the same file twice makes one version")
    func noChange() throws {
        try office.importText(Self.twoPartners)
        let again = try office.importText(Self.twoPartners, at: Moment.second)
        #expect(again.changesNothing && again.unchanged == 2 && again.directoryVersion == nil)
        #expect(try office.currentDirectory().version == 1)
        #expect(try office.history(of: id("1234567")).count == 1)
    }

    @Test("one wrong line and nothing is imported; rules between fields and with the directory have their lines too")
    func allOrNothing() throws {
        try office.importText(Self.twoPartners)
        let text = """
            id,name,status,status_reason,account,parent,valid_from
            1,"One
            and a half",active,,location,,2016-01-01
            2,Two,active,fraud,location,,
            3,Three,active,,global,1,
            4,Four,active,,location,4,
            5,,active,,location,,
            1234567,One,active,,location,,2021-01-01
            """
        let refusal = #expect(throws: ImportRefusal.self) { try office.importText(text) }
        #expect(
            refusal?.lines == [
                "p.csv:4: status_reason is fraud but status is active, expected a reason only with suspended",
                "p.csv:5: a global account has the parent 1, expected a parent only for a location account",
                "p.csv:6: parent is the partner itself, expected its global ID, or nothing",
                "p.csv:7: name is empty, expected the partner's name",
                "p.csv:8: valid_from 2021-01-01 is after valid_to 2020-12-31, expected it on or before",
            ])
        #expect(try office.currentDirectory().version == 1)
        #expect(try office.partner(id("1")) == nil)
    }

    @Test("a parent that nobody knows, or that is no global account, is a warning")
    func parentWarnings() throws {
        let report = try office.importText(
            "id,name,status,account,parent\n1,A,active,,2\n3,B,active,location,1\n4,G,active,global,\n5,C,active,,4\n")
        #expect(
            report.warnings == [
                "partner 1: its parent 2 is not in the directory",
                "partner 3: its parent 1 is a location account, not a global one",
            ])
        #expect(report.directoryVersion == 1)
    }

    @Test("a dry run reports the changes field by field and writes nothing")
    func dryRun() throws {
        try office.importText(Self.twoPartners)
        try office.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: folder.officePath))
        let reader = try Office.openReadOnly(folder: folder.path)
        let report = try reader.importText(
            "id,name,status,status_reason\n1234567,Uno,suspended,fraud\n8,Eight,active,\n4000100,Group,suspended,lapsed\n",
            at: Moment.second, dryRun: true)
        #expect(report.dryRun && report.directoryVersion == nil)
        #expect(report.added == 1 && report.changed == 1 && report.unchanged == 1)
        #expect(
            report.differences[0].fields.map { "\($0.field): \($0.old) → \($0.new)" }
                == ["name: One → Uno", "status: active → suspended", "status_reason:  → fraud"])
        #expect(report.differences[1].isNew && report.differences[1].id == "8")
        #expect(try reader.currentDirectory().version == 1)
        try reader.close()
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.officePath)) == before)
    }

    @Test("a report lists fifty partners and counts the others")
    func boundedReport() throws {
        let report = try office.importText("id,name,status,parent\n" + (1...120).map { "\($0),P,active,9999\n" }.joined())
        #expect(report.added == 120 && report.differences.count == 50 && report.furtherDifferences == 70)
        #expect(report.warnings.count == 50 && report.furtherWarnings == 70)
    }

    @Test("the report survives its JSON")
    func reportJSON() throws {
        let report = try office.importText(Self.twoPartners)
        let json = try JSONEncoder().encode(report)
        #expect(try JSONDecoder().decode(DirectoryReport.self, from: json) == report)
        #expect(String(decoding: json, as: UTF8.self).contains(#""directory_version":1"#))
    }

    @Test("a hundred thousand partners are imported and loaded, with a history behind them")
    func hundredThousand() throws {
        func csv(_ name: String, count: Int) -> [UInt8] {
            var text = "id,name,status,status_reason,account,parent,agreement,email,language,valid_from,valid_to,programs\n"
            for number in 1_000_000..<1_000_000 + count {
                text +=
                    number % 10 == 0 ? "\(number),\(name) \(number),suspended,lapsed," : "\(number),\(name) \(number),active,,"
                text += "location,,mospa,mpn@p\(number).example,en-US,2015-01-01,2030-12-31,sell;usage\n"
            }
            return Array(text.utf8)
        }
        let clock = ContinuousClock()
        let first = csv("Partner", count: 100_000)
        let imported = try clock.measure {
            let report = try office.importPartners(csv: first, fileName: "p.csv", source: "p.csv", by: .ben, at: Moment.first)
            #expect(report.added == 100_000)
        }
        let renamed = try clock.measure {
            let report = try office.importPartners(
                csv: csv("Renamed", count: 10_000), fileName: "p.csv", source: "p.csv", by: .ben, at: Moment.second)
            #expect(report.changed == 10_000 && report.notNamed == 90_000)
        }
        var directory = PartnerDirectory()
        let loaded = try clock.measure { directory = try office.currentDirectory() }
        #expect(directory.count == 100_000 && directory.version == 2)
        #expect(directory[id("1000010")]?.statusReason == .lapsed)
        print("100,000 partners, this build: import \(imported), of 10,000 changes \(renamed), load \(loaded)")
    }
}
