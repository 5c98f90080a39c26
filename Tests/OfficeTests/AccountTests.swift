import Attribution
import GRDB
import Testing

@testable import Office

@Suite("Users, sessions, tokens and the access log")
struct AccountTests {
    private let folder: TemporaryFolder
    private let office: Office
    /// Cheap costs, since hundreds of milliseconds are the point of the usual ones.
    private static let hash = PasswordHash(text: "$scrypt$ln=1,r=1,p=1$AAAAAAAAAAAAAAAAAAAAAA==$AAAA")

    init() throws {
        folder = try TemporaryFolder()
        office = try Office.open(folder: folder.path)
    }

    private func seconds(_ count: Int64) -> Timestamp {
        Timestamp(microseconds: Moment.first.microseconds + count * 1_000_000)
    }

    @discardableResult
    private func addUser(_ name: String, _ role: Role = .admin) throws -> User {
        try office.addUser(name: name, role: role, password: Self.hash, by: .anna, at: Moment.first)
    }

    @Test("a password is verified by its hash, and by no other's")
    func passwords() throws {
        let hash = try PasswordHash.make(of: "four words nobody guesses")
        #expect(hash.text.hasPrefix("$scrypt$ln=15,r=8,p=3$"))
        #expect(hash.verify("four words nobody guesses") && !hash.verify("four words nobody guesse"))
        #expect(try PasswordHash.make(of: "four words nobody guesses") != hash)
        for damaged in ["", "$scrypt$ln=60,r=8,p=3$AAAA$AAAA", "plain", "$scrypt$ln=15,r=8,p=3$AAAA", Self.hash.text] {
            #expect(!PasswordHash(text: damaged).verify("four words nobody guesses"))
        }
    }

    @Test(
        "passwords that are tried first are not taken",
        arguments: [
            ("short", "fewer than 12"), ("elevenchars", "fewer than 12"), ("Password1234", "tried first"),
            ("P@ssw0rdP@ssw0rd", "tried first"), ("passwordpassword!", "tried first"), ("aaaaaaaaaaaa", "few different"),
            ("abababababababab", "few different"), ("abcdefghijklmnop", "a run"), ("123456789012345", "a run"),
            ("qwertyuiopas", "a run"), ("correcthorsebatterystaple", "tried first"), ("anna.schmidt2016", "tried first"),
            ("Microsoft2016!!", "tried first"), ("Porter-Gateway-1", "tried first"),
        ])
    func commonPasswords(password: String, why: String) {
        let fault = PasswordRule.fault(of: password, userName: "anna.schmidt")
        #expect(fault?.text.contains(why) == true, "\(fault?.text ?? "taken")")
    }

    @Test("others are taken", arguments: ["violet kettle drums 9", "Zwölf Boxkämpfer!", "x7#Kq9!mPz2w", "maison rouge et verte"])
    func goodPasswords(password: String) {
        #expect(PasswordRule.fault(of: password, userName: "anna") == nil)
    }

    @Test("users are found by name in any letter case, once each")
    func users() throws {
        try addUser("Anna@example.com", .auditor)
        #expect(try office.userForSignIn(named: "anna@EXAMPLE.com")?.user.role == .auditor)
        let taken = #expect(throws: OfficeError.self) { try addUser("ANNA@example.com") }
        #expect(taken?.code == .invalidUser)
        for name in ["", "a b", "a\nb", "<b>", String(repeating: "x", count: 65), "é"] {
            #expect(throws: OfficeError.self) { try addUser(name) }
        }
    }

    @Test("a name that goes on behind a NUL is nobody's", arguments: ["anna\0", "anna\0x", "\0anna"])
    func zeroInName(name: String) throws {
        try addUser("anna")
        #expect(try office.user(named: name) == nil && office.userForSignIn(named: name) == nil)
        try office.noteAccess(by: .anna, .logRead, "campaign=a\0b", at: seconds(1))
        #expect(try office.accessLog(limit: 1).first?.what == "campaign=a\u{FFFD}b")
    }

    @Test("the only admin stays one who can sign in")
    func lastAdmin() throws {
        try addUser("anna")
        try addUser("ben", .auditor)
        for change in [{ $0.role = .marketing }, { $0.isDisabled = true }] as [(inout User) -> Void] {
            let error = #expect(throws: OfficeError.self) { try office.changeUser("anna", by: .ben, at: seconds(1), change) }
            #expect(error?.code == .lastAdmin)
        }
        #expect(throws: OfficeError.self) { try office.removeUser("anna", by: .ben, at: seconds(1)) }
        try office.changeUser("ben", by: .anna, at: seconds(1)) { $0.role = .admin }
        try office.removeUser("anna", by: .ben, at: seconds(1))
        #expect(try office.users().map(\.name) == ["ben"])
    }

    @Test("a session ends when nobody uses it, after a day's work, on sign-out, with a new password and with the user")
    func sessions() throws {
        let anna = try addUser("anna")
        let secret = try office.beginSession(of: anna, from: "192.0.2.1", at: seconds(0))
        #expect(try office.session(Secret(text: secret.text + "x"), at: seconds(1)) == nil)
        #expect(try office.session(secret, at: seconds(1))?.user.name == "anna")
        var time: Int64 = 0
        while time + 3_000 < Session.absoluteSeconds {
            time += 3_000
            #expect(try office.session(secret, at: seconds(time)) != nil)
        }
        #expect(try office.session(secret, at: seconds(Session.absoluteSeconds + 1)) == nil)
        let idle = try office.beginSession(of: anna, from: "192.0.2.1", at: seconds(0))
        #expect(try office.session(idle, at: seconds(Session.idleSeconds)) != nil)
        #expect(try office.session(idle, at: seconds(2 * Session.idleSeconds + 1)) == nil)
        let left = try office.beginSession(of: anna, from: "192.0.2.1", at: seconds(0))
        try office.endSession(left, by: .anna, at: seconds(0))
        #expect(try office.session(left, at: seconds(1)) == nil)
        let old = try office.beginSession(of: anna, from: "192.0.2.1", at: seconds(0))
        try office.setOwnPassword(Self.hash, by: .anna, at: seconds(1))
        #expect(try office.session(old, at: seconds(2)) == nil)
        try addUser("ben")
        let disabled = try office.beginSession(of: anna, from: "192.0.2.1", at: seconds(0))
        try office.changeUser("anna", by: .ben, at: seconds(1)) { $0.isDisabled = true }
        #expect(try office.session(disabled, at: seconds(1)) == nil)
        // Enabled again, the old cookie still is none.
        try office.changeUser("anna", by: .ben, at: seconds(1)) { $0.isDisabled = false }
        #expect(try office.session(disabled, at: seconds(1)) == nil)
        let removed = try office.beginSession(of: anna, from: "192.0.2.1", at: seconds(0))
        try office.removeUser("anna", by: .ben, at: seconds(1))
        #expect(try office.session(removed, at: seconds(1)) == nil)
    }

    @Test("a new role holds from the next request on, and so does a new language")
    func roleInSession() throws {
        try addUser("anna")
        let ben = try addUser("ben")
        let secret = try office.beginSession(of: ben, from: "192.0.2.1", at: seconds(0))
        try office.changeUser("ben", by: .anna, at: seconds(1)) { user in
            user.role = .marketing
            user.language = "fr"
        }
        let session = try office.session(secret, at: seconds(1))
        #expect(session?.user.role == .marketing && session?.user.language == "fr")
    }

    @Test("tokens work until they end or are revoked, and only their hash is kept")
    func tokens() throws {
        let (token, secret) = try office.createToken(
            name: "Power BI", role: .marketing, days: 1, by: .anna, at: seconds(0))
        #expect(secret.text.hasPrefix("porter_") && secret.text.count == 50)
        #expect(try office.token(secret, at: seconds(100))?.id == token.id)
        #expect(try office.tokens().first?.lastUsedAt == seconds(100))
        #expect(try office.token(secret, at: seconds(86_400)) == nil)
        #expect(try office.token(Secret(text: "porter_x"), at: seconds(1)) == nil)
        let dump = try DatabaseQueue(path: folder.officePath).read {
            try Row.fetchAll($0, sql: "SELECT * FROM token").description
        }
        #expect(!dump.contains(secret.text))
        try office.revokeToken(token.id, by: .anna, at: seconds(1))
        #expect(try office.token(secret, at: seconds(1)) == nil)
        #expect(throws: OfficeError.self) { try office.revokeToken(token.id, by: .anna, at: seconds(1)) }
        for (name, days) in [("", 1), ("a\nb", 1), ("ok", 0), ("ok", Token.maximumDays + 1)] {
            #expect(throws: OfficeError.self) {
                try office.createToken(name: name, role: .admin, days: days, by: .anna, at: seconds(0))
            }
        }
    }

    @Test(
        "tokens go with who made them, and what was made by means of them, when that is no admin any more",
        arguments: ["removed", "disabled", "auditor"])
    func tokensOfFormerAdmins(what: String) throws {
        let anna = try addUser("anna")
        let ben = try addUser("ben")
        func token(
            _ name: String, _ way: AccessEntry.Way, by maker: String, inTheRightOf user: User?
        ) throws -> (id: Int64, Secret) {
            let caller = Caller(name: maker, way: way, address: "192.0.2.1", user: user?.id)
            let made = try office.createToken(name: name, role: .admin, by: caller, at: seconds(0))
            return (made.token.id, made.secret)
        }
        let first = try token("anna", .session, by: "ben", inTheRightOf: ben)
        let second = try token("second", .token, by: "anna", inTheRightOf: ben)
        let others = [
            try token("Power BI", .session, by: "anna", inTheRightOf: anna),
            try token("nightly", .command, by: "ben", inTheRightOf: nil),
        ]
        try office.changeUser("ben", by: .anna, at: seconds(1)) { $0.language = "fr" }
        #expect(try office.token(first.1, at: seconds(1))?.owner == ben.id)
        // What it made stays, and is known to be in the same right.
        try office.revokeToken(first.id, by: .anna, at: seconds(1))
        #expect(try office.token(second.1, at: seconds(1)) != nil)
        switch what {
        case "removed": try office.removeUser("ben", by: .anna, at: seconds(2))
        case "disabled": try office.changeUser("ben", by: .anna, at: seconds(2)) { $0.isDisabled = true }
        default: try office.changeUser("ben", by: .anna, at: seconds(2)) { $0.role = .auditor }
        }
        #expect(try office.token(second.1, at: seconds(2)) == nil)
        for other in others { #expect(try office.token(other.1, at: seconds(2)) != nil) }
        #expect(try office.accessLog(limit: 1).first?.what.hasSuffix("revoked a token of theirs") == true)
    }

    @Test("the access log is read from the newest on, by pages and by name, and forgets after two years")
    func accessLog() throws {
        for number in 0..<5 {
            try office.noteAccess(
                by: Caller(name: number == 3 ? "Ben" : "anna", way: .session, address: "192.0.2.1"), .recordRead, "\(number)",
                at: seconds(0))
        }
        let page = try office.accessLog(limit: 2)
        #expect(page.map(\.what) == ["4", "3"])
        #expect(try office.accessLog(before: page.last?.id, limit: 9).map(\.what) == ["2", "1", "0"])
        #expect(try office.accessLog(who: "ben", limit: 9).map(\.what) == ["3"])
        let later = seconds((Office.accessLogDays + 1) * 86_400)
        try office.noteAccess(by: .anna, .logExport, String(repeating: "x", count: 999), at: later)
        let rest = try office.accessLog(limit: 9)
        #expect(rest.count == 1 && rest[0].what.count == AccessEntry.maximumWhatScalars)
    }
}
