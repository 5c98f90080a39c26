import Attribution
import Testing

@testable import Office

@Suite("Nobody writes over what they have not seen")
struct ConditionTests {
    private let office: Office

    init() throws {
        office = try Office.empty()
        try office.importText("id,name,status\n1,A,active\n2,B,active\n")
    }

    private func rename(_ name: String, _ number: String = "1", onlyIf condition: PartnerCondition) throws -> Int? {
        try office.setPartner(
            PartnerChange(id: id(number), edits: [.name(name), .status(.active)]), source: "test", by: .ben,
            at: Moment.second, onlyIf: condition
        ).directoryVersion
    }

    private func code(_ body: () throws -> Void) -> OfficeError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? OfficeError)?.code
        }
    }

    @Test("of two who edit the same state of a partner, one is refused")
    func partner() throws {
        #expect(try rename("X", onlyIf: .version([1])) == 2)
        #expect(code { _ = try rename("Y", onlyIf: .version([1])) } == .changedMeanwhile)
        #expect(code { _ = try rename("Y", onlyIf: .version([])) } == .changedMeanwhile)
        #expect(try office.partner(id("1"))?.name == "X")
        // Another partner's change does not matter.
        #expect(try rename("B2", "2", onlyIf: .version([1])) == 3)
        #expect(try rename("Y", onlyIf: .version([1, 2])) == 4)
        #expect(try rename("Z", onlyIf: .present) == 5)
    }

    @Test("a partner is added only where there is none")
    func absent() throws {
        #expect(code { _ = try rename("X", onlyIf: .absent) } == .changedMeanwhile)
        #expect(code { _ = try rename("X", "3", onlyIf: .present) } == .changedMeanwhile)
        #expect(code { _ = try rename("X", "3", onlyIf: .version([1])) } == .changedMeanwhile)
        #expect(try rename("X", "3", onlyIf: .absent) == 2)
    }

    @Test("a file is imported into the directory that its preview looked at, or not at all")
    func importing() throws {
        let csv = Array("id,name,status\n1,New,active\n".utf8)
        func importing(dryRun: Bool, basedOn versions: Set<Int>?) throws -> DirectoryReport {
            try office.importPartners(
                csv: csv, fileName: "p.csv", source: "p.csv", by: .ben, at: Moment.second, dryRun: dryRun, basedOn: versions)
        }
        let preview = try importing(dryRun: true, basedOn: nil)
        #expect(preview.basedOn == 1 && preview.changed == 1)
        _ = try rename("B2", "2", onlyIf: .none)
        #expect(code { _ = try importing(dryRun: false, basedOn: [preview.basedOn]) } == .changedMeanwhile)
        #expect(try office.partner(id("1"))?.name == "A")
        let again = try importing(dryRun: true, basedOn: nil)
        #expect(try importing(dryRun: false, basedOn: [again.basedOn]).directoryVersion == 3)
    }

    @Test("a report lists the changes that are asked for, and says how many follow")
    func listing() throws {
        let rows = (10..<20).map { "\($0),Name \($0),active" }.joined(separator: "\n")
        func listed(_ range: Range<Int>) throws -> (ids: [String], further: Int) {
            let report = try office.importPartners(
                csv: Array("id,name,status\n\(rows)\n".utf8), fileName: "p.csv", source: "p.csv", by: .ben, at: Moment.second,
                dryRun: true, listing: range)
            return (report.differences.map(\.id), report.furtherDifferences)
        }
        #expect(try listed(0..<3) == (["10", "11", "12"], 7))
        #expect(try listed(3..<6) == (["13", "14", "15"], 4))
        #expect(try listed(9..<12) == (["19"], 0))
        #expect(try listed(30..<40) == ([], 0))
        #expect(try listed(0..<0) == ([], 10))
    }

    @Test("of two who change the same state of a user, one is refused, and nothing of what they asked for is done")
    func user() throws {
        let hash = PasswordHash(text: "$scrypt$ln=1,r=1,p=1$AAAAAAAAAAAAAAAAAAAAAA==$AAAA")
        try office.addUser(name: "anna", role: .admin, password: hash, by: .anna, at: Moment.first)
        try office.addUser(name: "ben", role: .admin, password: hash, by: .anna, at: Moment.first)
        let seen = try #require(try office.user(named: "ben"))
        let session = try office.beginSession(of: seen, from: "", at: Moment.first)
        let changed = try office.changeUser("ben", onlyIf: [seen.tag], by: .anna, at: Moment.second) { $0.role = .auditor }
        #expect(changed.tag != seen.tag && changed.role == .auditor)
        let other = PasswordHash(text: "other")
        #expect(
            code {
                try office.changeUser("ben", onlyIf: [seen.tag], password: other, by: .anna, at: Moment.second) {
                    $0.role = .marketing
                }
            } == .changedMeanwhile)
        #expect(try office.userForSignIn(named: "ben")?.password == hash)
        #expect(try office.session(session, at: Moment.first)?.user.role == .auditor)
        try office.changeUser("ben", onlyIf: [changed.tag], password: other, by: .anna, at: Moment.second) {
            $0.role = .marketing
        }
        #expect(try office.userForSignIn(named: "ben")?.password == other)
        #expect(try office.session(session, at: Moment.first) == nil)
        // Another user of the name has another tag.
        let last = try #require(try office.user(named: "ben")).tag
        try office.removeUser("ben", by: .anna, at: Moment.second)
        try office.addUser(name: "ben", role: .admin, password: hash, by: .anna, at: Moment.second)
        for role in [Role.auditor, .admin, .auditor, .admin, .auditor] {
            try office.changeUser("ben", by: .anna, at: Moment.second) { $0.role = role }
        }
        #expect(try office.user(named: "ben")?.tag != last)
    }
}
