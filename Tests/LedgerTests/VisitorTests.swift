import Attribution
import Crypto
import Foundation
import GRDB
import SeededRandomness
import Testing

@testable import Ledger

@Suite("Visitors and repeats")
struct VisitorTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func records() throws -> [Attribution.Record] {
        try LedgerReader.open(folder: folder.path).all().compactMap(\.record)
    }

    private func repeats(_ drafts: [RecordDraft], settings: LedgerSettings = LedgerSettings()) throws -> [Int64?] {
        let writer = try LedgerWriter.open(folder, settings: settings)
        for draft in drafts { try writer.appendAndWait([draft]) }
        writer.close()
        return try records().map { $0.number(.isRepeat) }
    }

    @Test("a visitor is 32 hexadecimal digits of network and agent together, and nobody without an address")
    func visitor() throws {
        try writeLedger(
            folder,
            [
                .sample(1), .sample(2), .sample(3, network: 2), .sample(4) { $0.personal.fields.userAgent = "Opera/9" },
                .sample(5, network: nil), .sample(6) { $0.personal.fields.userAgent = nil },
            ])
        let visitors = try records().map { $0.text(.visitor) }
        #expect(visitors[0]?.utf8.count == 32)
        #expect(visitors[0]?.allSatisfy { $0.isHexDigit && !$0.isUppercase } == true)
        #expect(visitors[0] == visitors[1])
        #expect(visitors[4] == nil)
        #expect(Set(visitors).count == 5)
    }

    @Test("a second visit is a repeat on the same route with the same partner only, an absent partner is one as well")
    func sameRouteAndPartner() throws {
        let web = Route.named("web")
        #expect(
            try repeats([
                .sample(1), .sample(2), .sample(3, route: web), .sample(4) { $0.partner = PartnerID(7) },
                .sample(5) { $0.partner = nil }, .sample(6) { $0.partner = nil }, .sample(7, network: 2),
                .sample(8, network: nil), .sample(9, network: nil),
            ]) == [0, 1, 0, 0, 0, 1, 0, 0, 0])
    }

    @Test("what is no visit makes no repeat, but can be one")
    func onlyVisitsCount() throws {
        #expect(
            try repeats([
                .sample(1) { $0.method = .head }, .sample(2) { $0.client = .bot }, .sample(3) { $0.isTest = true },
                .sample(4), .sample(5) { $0.method = .head }, .sample(6),
            ]) == [0, 0, 0, 0, 1, 1])
    }

    @Test("nothing of the visits of a day is left when the next one begins, even with a commit that writes the tables")
    func visitsAreForgotten() throws {
        let nextDay = Timestamp.noon.adding(seconds: 86_400)
        let database = try LedgerFile.openForWriting(folder: folder.path)
        try database.inDatabase { database in
            var engine = try CommitEngine(database, folder: folder.path, node: "test", settings: LedgerSettings())
            func commit(_ drafts: [RecordDraft], writesDerived: Bool) throws -> Int? {
                let append = PendingAppend(drafts: drafts, completion: { _ in })
                try engine.commit([append], notes: StrayNotes.Taken(), writesDerived: writesDerived)
                return try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM seen_visit")
            }
            #expect(try commit([.sample(1)], writesDerived: false) == 0)
            #expect(try commit([.sample(2, network: 2)], writesDerived: true) == 1)
            #expect(try commit([.sample(3, time: nextDay)], writesDerived: true) == 0)
            #expect(try commit([.sample(4, time: nextDay)], writesDerived: true) == 1)
        }
    }

    @Test("a new UTC day brings a new key, and every visit is a first one again")
    func dayRises() throws {
        let beforeMidnight = Timestamp(rfc3339: "2016-10-03T23:59:59.999999Z")!
        let midnight = Timestamp(rfc3339: "2016-10-04T00:00:00Z")!
        let file = VisitorKeyFile(folder: folder.path)
        let writer = try LedgerWriter.open(folder)
        try writer.appendAndWait([.sample(1, time: beforeMidnight)])
        let first = try #require(try file.read())
        try writer.appendAndWait([.sample(2, time: midnight), .sample(3, time: midnight)])
        let second = try #require(try file.read())
        // The clock steps back: the later key stays.
        try writer.appendAndWait([.sample(4, time: beforeMidnight)])
        #expect(try file.read() == second)
        writer.close()
        #expect(first.day.description == "2016-10-03" && second.day.description == "2016-10-04")
        #expect(first.secret != second.secret)
        #expect(second.firstSequence == 2)
        let records = try records()
        #expect(records.map { $0.number(.isRepeat) } == [0, 0, 1, 1])
        #expect(records[0].text(.visitor) != records[1].text(.visitor))
        #expect(records[3].text(.visitor) == records[1].text(.visitor))
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("a day that rises within one batch counts from its first record on")
    func dayRisesWithinBatch() throws {
        let next = Timestamp.noon.adding(seconds: 86_400)
        let writer = try LedgerWriter.open(folder)
        try writer.appendAndWait([.sample(1), .sample(2), .sample(3, time: next), .sample(4, time: next)])
        writer.close()
        #expect(try records().map { $0.number(.isRepeat) } == [0, 1, 0, 1])
        // After a restart the day goes on.
        #expect(try repeats([.sample(5, time: next)]) == [0, 1, 0, 1, 1])
    }

    @Test("a key that a wrong clock made does not stay until its day comes")
    func wrongClock() throws {
        let file = VisitorKeyFile(folder: folder.path)
        let writer = try LedgerWriter.open(folder)
        try writer.appendAndWait([.sample(1), .sample(2, time: Timestamp(rfc3339: "2099-01-01T00:00:00Z")!)])
        #expect(try file.read()?.day.description == "2099-01-01")
        try writer.appendAndWait([.sample(3), .sample(4)])
        writer.close()
        #expect(try file.read()?.day == Timestamp.noon.day)
        let records = try records()
        #expect(records.map { $0.number(.isRepeat) } == [0, 0, 0, 1])
        #expect(Set(records[0...2].map { $0.text(.visitor) }).count == 3)
    }

    @Test("a lost key makes every visitor a new one, and stands in nobody's way")
    func lostKey() throws {
        #expect(try repeats([.sample(1), .sample(2)]) == [0, 1])
        try FileManager.default.removeItem(atPath: folder.path + "/visitor.key")
        #expect(try repeats([.sample(3), .sample(4)]) == [0, 1, 0, 1])
    }

    @Test("a key that cannot be understood is said so")
    func brokenKey() throws {
        try Data("day soon\n".utf8).write(to: URL(filePath: folder.path + "/visitor.key"))
        let error = #expect(throws: LedgerError.self) { try LedgerWriter.open(folder) }
        #expect(error == .visitorKeyUnreadable(file: folder.path + "/visitor.key"))
    }

    @Test("no more visits are remembered than the bound, and those remembered stay known")
    func bound() throws {
        var settings = LedgerSettings()
        settings.maximumRememberedVisits = 2
        let drafts: [RecordDraft] = [1, 2, 3, 1, 2, 3].enumerated().map { .sample(UInt64($0), network: $1) }
        #expect(try repeats(drafts, settings: settings) == [0, 0, 0, 1, 1, 0])
    }

    @Test("the visits of a day survive many restarts, written behind and not")
    func manyRestarts() throws {
        var generator = SplitMix64(seed: 11)
        var seen: Set<UInt8> = []
        var expected: [Int64?] = []
        for round in 0..<6 {
            var drafts: [RecordDraft] = []
            for number in 0..<700 {
                let network = UInt8.random(in: 0...255, using: &generator)
                expected.append(seen.insert(network).inserted ? 0 : 1)
                drafts.append(.sample(UInt64(round * 1_000 + number), network: network))
            }
            try writeLedger(folder, drafts, portion: 64)
        }
        #expect(try records().map { $0.number(.isRepeat) } == expected)
    }

    @Test("a fingerprint depends on visitor, route and partner")
    func fingerprint() throws {
        let visitor = try #require(Visitor(hex: "00112233445566778899aabbccddeeff"))
        #expect(visitor.hex == "00112233445566778899aabbccddeeff")
        let other = try #require(Visitor(hex: "00112233445566778899aabbccddeefe"))
        let all = [
            RepeatedVisits.fingerprint(visitor: visitor, route: "a", partner: nil),
            RepeatedVisits.fingerprint(visitor: other, route: "a", partner: nil),
            RepeatedVisits.fingerprint(visitor: visitor, route: "b", partner: nil),
            RepeatedVisits.fingerprint(visitor: visitor, route: "a", partner: PartnerID(1)),
            RepeatedVisits.fingerprint(visitor: visitor, route: "a", partner: PartnerID(2)),
        ]
        #expect(Set(all).count == all.count)
    }

    @Test("a visitor is HMAC-SHA256 of network and user agent, each afresh from one key")
    func visitorHash() throws {
        var generator = SplitMix64(seed: 3)
        let secret = (0..<VisitorKey.byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let key = VisitorKey(day: Timestamp.noon.day, firstSequence: 1, secret: secret)
        for _ in 0..<200 {
            let network = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let length = Int.random(in: 1...300, using: &generator)
            let agent = (0..<length).map { _ in UInt8.random(in: 0x61...0x7A, using: &generator) }
            var fields = PersonalFields()
            fields.address = VisitorAddress(network: network, recorded: nil)
            fields.userAgent = String(decoding: agent, as: UTF8.self)
            let code = HMAC<SHA256>.authenticationCode(for: network + agent, using: SymmetricKey(data: secret))
            let expected = code.withUnsafeBytes { Visitor(bytes: $0) }
            #expect(key.visitor(of: PersonalJSON(fields)) == expected)
        }
    }

    @Test("the keyed hash is HMAC-SHA256, in however many pieces the text comes")
    func keyedHash() {
        var generator = SplitMix64(seed: 3)
        for _ in 0..<200 {
            let key = (0..<Int.random(in: 0...64, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let text = (0..<Int.random(in: 0...300, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let middle = Int.random(in: 0...text.count, using: &generator)
            let hash = KeyedHash(key: key)
            var code = hash
            text[..<middle].withUnsafeBytes { code.update($0) }
            text[middle...].withUnsafeBytes { code.update($0) }
            var whole = hash
            text.withUnsafeBytes { whole.update($0) }
            let expected = Array(HMAC<SHA256>.authenticationCode(for: text, using: SymmetricKey(data: key)))
            #expect(Array(code.finalize()) == expected)
            #expect(Array(whole.finalize()) == expected)
        }
    }
}
