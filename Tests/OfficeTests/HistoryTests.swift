import Attribution
import Office
import Testing

@Suite("The office knows what it knew, and since when")
struct HistoryTests {
    private let folder: TemporaryFolder
    private let office: Office

    init() throws {
        folder = try TemporaryFolder()
        office = try Office.open(folder: folder.path)
        try office.importText("id,name,status\n1,One,active\n2,Two,active\n", at: Moment.first)
        try set("1", [.status(.suspended), .statusReason(.fraud)], at: Moment.second)
        try set("3", [.name("Three"), .status(.test)], at: Moment.third)
    }

    @discardableResult
    private func set(_ partner: String, _ edits: [PartnerEdit], at time: Timestamp) throws -> DirectoryReport {
        try office.setPartner(PartnerChange(id: id(partner), edits: edits), source: "partner set", by: .ben, at: time)
    }

    @Test("the standing at a directory version is the one that the version had")
    func standingAtVersion() throws {
        #expect(try office.standing(of: id("1"), atVersion: 0) == nil)
        #expect(try office.standing(of: id("1"), atVersion: 1)?.status == .active)
        #expect(try office.standing(of: id("1"), atVersion: 2)?.statusReason == .fraud)
        #expect(try office.standing(of: id("1"), atVersion: 3)?.status == .suspended)
        #expect(try office.standing(of: id("3"), atVersion: 2) == nil)
        #expect(try office.standing(of: id("3"), atVersion: 3)?.status == .test)
    }

    @Test("a partner stands as it does since that changed, whatever else did")
    func standingSince() throws {
        try set("1", [.name("One, renamed")], at: Moment.third)
        #expect(try office.history(of: id("1")).standingSince?.learnedAt == Moment.second)
        try set("1", [.statusReason(.lapsed)], at: Moment.third)
        #expect(try office.history(of: id("1")).standingSince?.learnedAt == Moment.second)
        try set("1", [.status(.active)], at: Moment.third)
        #expect(try office.history(of: id("1")).standingSince?.learnedAt == Moment.third)
        #expect([PartnerHistoryEntry]().standingSince == nil)
    }

    @Test("a whole directory of any version can be had")
    func directoryOfVersion() throws {
        let counts = try (0...3).map { try office.directory(version: $0).count }
        #expect(counts == [0, 2, 2, 3])
        #expect(try office.directory(version: 1)[id("1")]?.status == .active)
        #expect(try office.directory(version: 2)[id("1")]?.status == .suspended)
        #expect(try office.directory(version: 2).version == 2)
    }

    @Test("what was known at a moment is the newest version learned by then")
    func versionAtTime() throws {
        #expect(try office.directoryVersion(at: Timestamp(microseconds: Moment.first.microseconds - 1)) == nil)
        #expect(try office.directoryVersion(at: Moment.first)?.number == 1)
        #expect(try office.directoryVersion(at: Timestamp(microseconds: Moment.second.microseconds - 1))?.number == 1)
        #expect(try office.directoryVersion(at: Moment.second)?.number == 2)
        #expect(try office.directoryVersion(at: Moment.third)?.source == "partner set")
        #expect(try office.currentDirectoryVersion()?.number == 3)
    }

    @Test("a partner's history has each state with version, time and source")
    func history() throws {
        let entries = try office.history(of: id("1"))
        #expect(entries.map(\.version.number) == [1, 2])
        #expect(entries.map(\.version.learnedAt) == [Moment.first, Moment.second])
        #expect(entries.map(\.version.source) == ["p.csv", "partner set"])
        #expect(entries.map(\.partner.standing.status) == [.active, .suspended])
        #expect(try office.history(of: id("77")).isEmpty)
    }

    @Test("a change that changes nothing leaves no trace")
    func noTrace() throws {
        let report = try set("3", [.name("Three")], at: Moment.third)
        #expect(report.changesNothing && report.unchanged == 1 && report.directoryVersion == nil)
        #expect(try office.currentDirectory().version == 3)
    }

    @Test("an unknown partner is added only with a name and a status")
    func unknownPartner() throws {
        for edits in [[.status(.active)], [.name("Four")], []] as [[PartnerEdit]] {
            let error = #expect(throws: OfficeError.self) { try set("4", edits, at: Moment.third) }
            #expect(error?.code == .unknownPartner)
        }
        #expect(try set("4", [.name("Four"), .status(.active)], at: Moment.third).added == 1)
    }

    @Test("a change that breaks a rule is refused whole")
    func invalid() throws {
        let error = #expect(throws: OfficeError.self) {
            try set("2", [.name("Zwei"), .account(.global), .parent(id("1"))], at: Moment.third)
        }
        #expect(error?.code == .invalidPartner)
        #expect(error?.message.contains("a global account has the parent 1") == true)
        #expect(try office.partner(id("2"))?.name == "Two")
    }

    @Test("all of it is still there after the office is opened again")
    func reopened() throws {
        try office.close()
        let again = try Office.open(folder: folder.path)
        #expect(try again.currentDirectory().version == 3)
        #expect(try again.history(of: id("1")).count == 2)
    }

    @Test("route versions are kept once, with the time of the first sight")
    func routeVersions() throws {
        let version = RouteVersion(version: "00112233aabbccdd", name: "enterprise-trial", source: "name: enterprise-trial\n")
        try office.recordRouteVersions([version], at: Moment.first)
        try office.recordRouteVersions([version], at: Moment.second)
        let kept = try #require(try office.routeVersion(version.version))
        #expect(kept.version == version)
        #expect(kept.firstSeenAt == Moment.first)
        #expect(try office.routeSource(version: version.version) == "name: enterprise-trial\n")
        #expect(try office.routeSource(version: "ffffffffffffffff") == nil)
    }
}
