import Attribution
import GRDB
import Testing

@testable import Office

@Suite("A change and its line in the access log are on disk together, or not at all")
struct AccessLineTests {
    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let action: AccessEntry.Action
        /// What its line says.
        let what: String
        let make: @Sendable (Office, _ session: Secret) throws -> Void

        init(
            _ name: String, _ action: AccessEntry.Action, _ what: String,
            _ make: @escaping @Sendable (Office, _ session: Secret) throws -> Void
        ) {
            testDescription = name
            self.action = action
            self.what = what
            self.make = make
        }
    }

    private static let hash = PasswordHash(text: "none")
    private static let receipt = Receipt(time: Moment.first, random16: 1, random64: 2)

    static let changes: [Change] = [
        Change("a user is added", .userChange, "added carl, auditor") { office, _ in
            try office.addUser(name: "carl", role: .auditor, password: hash, by: .anna, at: Moment.second)
        },
        Change(
            "a user is changed", .userChange, "ben: role auditor, disabled, language fr, time zone Europe/Paris, password"
        ) { office, _ in
            try office.changeUser("BEN", password: PasswordHash(text: "other"), by: .anna, at: Moment.second) { user in
                user.role = .auditor
                user.isDisabled = true
                user.language = "fr"
                user.timeZone = "Europe/Paris"
            }
        },
        Change("a user is removed", .userChange, "removed ben") { office, _ in
            try office.removeUser("BEN", by: .anna, at: Moment.second)
        },
        Change("somebody changes their password", .passwordChange, "") { office, _ in
            try office.setOwnPassword(PasswordHash(text: "other"), by: .anna, at: Moment.second)
        },
        Change("somebody signs in", .signIn, "") { office, _ in
            let anna = try #require(try office.user(named: "anna"))
            _ = try office.beginSession(of: anna, from: "192.0.2.1", at: Moment.second)
        },
        Change("somebody signs out", .signOut, "") { office, session in
            try office.endSession(session, by: .anna, at: Moment.second)
        },
        Change("a token is made", .tokenChange, "created 2, Power BI, marketing") { office, _ in
            _ = try office.createToken(name: "Power BI", role: .marketing, by: .anna, at: Moment.second)
        },
        Change("a token is revoked", .tokenChange, "revoked 1, first") { office, _ in
            try office.revokeToken(1, by: .anna, at: Moment.second)
        },
        Change("partners are imported", .partnerImport, "p.csv, directory version 2") { office, _ in
            _ = try office.importPartners(
                csv: Array("id,name,status\n1,B,test\n".utf8), fileName: "p.csv", source: "import", by: .anna, at: Moment.second)
        },
        Change("a partner is changed", .partnerChange, "1, directory version 2") { office, _ in
            _ = try office.setPartner(
                PartnerChange(id: id("1"), edits: [.name("B")]), source: "API", by: .anna, at: Moment.second)
        },
        Change("a note is written", .note, receipt.description) { office, _ in
            try office.addNote("x", to: receipt, by: .anna, at: Moment.second)
        },
    ]

    private let folder: TemporaryFolder
    private let office: Office
    private let session: Secret

    init() throws {
        folder = try TemporaryFolder()
        office = try Office.open(folder: folder.path)
        let anna = try office.addUser(name: "anna", role: .admin, password: Self.hash, by: .ben, at: Moment.first)
        try office.addUser(name: "ben", role: .admin, password: Self.hash, by: .ben, at: Moment.first)
        session = try office.beginSession(of: anna, from: "", at: Moment.first)
        _ = try office.createToken(name: "first", role: .admin, by: .ben, at: Moment.first)
        try office.importText("id,name,status\n1,A,active\n")
    }

    /// Everything but the access log.
    private func content() throws -> String {
        try DatabaseQueue(path: folder.officePath).read { db in
            let tables = try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('access', 'sqlite_sequence')")
            return try tables.map { "\($0): \(try Row.fetchAll(db, sql: "SELECT * FROM \($0)"))" }.joined(separator: "\n")
        }
    }

    @Test("each leaves one line", arguments: changes)
    func line(of change: Change) throws {
        let before = (content: try content(), lines: try office.accessLog(limit: 99).count)
        try change.make(office, session)
        let lines = try office.accessLog(limit: 99)
        #expect(lines.count == before.lines + 1)
        let line = lines[0]
        #expect((line.who, line.way, line.address) == ("anna", .session, "192.0.2.1"))
        #expect((line.action, line.what, line.time) == (change.action, change.what, Moment.second))
        #expect(try content() != before.content)
    }

    @Test("without its line none is made", arguments: changes)
    func noChange(without change: Change) throws {
        let before = try content()
        try DatabaseQueue(path: folder.officePath).write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER full BEFORE INSERT ON access
                    BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END
                    """)
        }
        let error = #expect(throws: OfficeError.self) { try change.make(office, session) }
        #expect(error?.code == .storage)
        #expect(try content() == before)
    }

    @Test("what changes nothing leaves none")
    func nothing() throws {
        let before = (content: try content(), lines: try office.accessLog(limit: 99).count)
        try office.changeUser("ben", by: .anna, at: Moment.second) { $0.role = .admin }
        try office.importText("id,name,status\n1,A,active\n")
        try office.importText("id,name,status\n1,B,active\n", dryRun: true)
        #expect(try office.accessLog(limit: 99).count == before.lines)
        #expect(try content() == before.content)
    }
}
