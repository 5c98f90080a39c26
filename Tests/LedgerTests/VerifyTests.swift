import Attribution
import Foundation
import Testing

@testable import Ledger

@Suite("Verification")
struct VerifyTests {
    /// What somebody does to the file, and what is found of it.
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let sql: String
        let kinds: [VerifyFinding.Kind]
        let sequence: Int64?
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "a record removed", sql: "DELETE FROM record WHERE seq = 5", kinds: [.gap, .counter], sequence: 6),
        Case(name: "the first removed", sql: "DELETE FROM record WHERE seq = 1", kinds: [.gap, .counter], sequence: 2),
        Case(
            name: "the end removed", sql: "DELETE FROM record WHERE seq > 18", kinds: [.progress, .counter, .span], sequence: nil),
        Case(
            name: "a letter of a leaf",
            sql: "UPDATE record SET leaf = CAST(replace(CAST(leaf AS TEXT), 'FR', 'DE') AS BLOB) WHERE seq = 7",
            kinds: [.hash], sequence: 7),
        Case(
            name: "another partner, without a new hash",
            sql: "UPDATE record SET leaf = CAST(replace(CAST(leaf AS TEXT), '1234567', '7654321') AS BLOB) WHERE seq = 7",
            kinds: [.hash, .counter], sequence: 7),
        Case(name: "a hash", sql: "UPDATE record SET hash = zeroblob(32) WHERE seq = 3", kinds: [.hash], sequence: 3),
        Case(
            name: "a leaf that is none", sql: "UPDATE record SET leaf = x'7B7B' WHERE seq = 3", kinds: [.hash, .unreadable],
            sequence: 3),
        Case(
            name: "personal fields",
            sql: "UPDATE record SET personal = CAST(replace(CAST(personal AS TEXT), '192', '193') AS BLOB) WHERE seq = 4",
            kinds: [.personal], sequence: 4),
        Case(name: "a salt", sql: "UPDATE record SET salt = zeroblob(32) WHERE seq = 4", kinds: [.personal], sequence: 4),
        Case(name: "half an erasure", sql: "UPDATE record SET personal = NULL WHERE seq = 4", kinds: [.personal], sequence: 4),
        Case(
            name: "two records exchanged",
            sql: """
                CREATE TEMP TABLE kept AS SELECT * FROM record WHERE seq = 9;
                UPDATE record SET leaf = (SELECT leaf FROM record WHERE seq = 10), hash = (SELECT hash FROM record WHERE seq = 10),
                    salt = (SELECT salt FROM record WHERE seq = 10), personal = (SELECT personal FROM record WHERE seq = 10)
                    WHERE seq = 9;
                UPDATE record SET leaf = (SELECT leaf FROM kept), hash = (SELECT hash FROM kept),
                    salt = (SELECT salt FROM kept), personal = (SELECT personal FROM kept) WHERE seq = 10;
                """,
            kinds: [.misplaced, .misplaced], sequence: 9),
        Case(
            name: "a record twice",
            sql: """
                INSERT INTO record SELECT 21, leaf, hash, listed, salt, personal FROM record WHERE seq = 20;
                """,
            kinds: [.misplaced, .duplicate], sequence: 21),
        Case(
            name: "a record before the first",
            sql: "INSERT INTO record SELECT -3, leaf, hash, listed, salt, personal FROM record WHERE seq = 20",
            kinds: [.misplaced], sequence: -3),
        Case(name: "a count", sql: "UPDATE counter SET visits = visits + 1", kinds: [.counter], sequence: nil),
        Case(name: "a counter removed", sql: "DELETE FROM counter", kinds: [.counter], sequence: nil),
        Case(
            name: "a counter of its own",
            sql:
                "INSERT INTO counter SELECT bucket + 1, route, edition, action, origin, campaign, outcome, reason, partner, client, client_os, 1, 1, 1, 1, 0 FROM counter",
            kinds: [.counter], sequence: nil),
        Case(name: "a count of a country", sql: "UPDATE place_counter SET requests = 3", kinds: [.counter], sequence: nil),
        Case(
            name: "whether a partner is listed", sql: "UPDATE record SET listed = 0 WHERE seq = 2", kinds: [.counter, .counter],
            sequence: nil),
        Case(name: "the times of a stretch", sql: "UPDATE span SET latest = latest + 1", kinds: [.span], sequence: nil),
    ]

    @Test("finds", arguments: cases)
    func finds(_ tampering: Case) throws {
        let folder = try TemporaryFolder()
        try writeLedger(folder, (1...20).map { .sample($0) })
        let reader = try LedgerReader.open(folder: folder.path)
        #expect(try reader.verify().isSound)
        try tamper(folder, tampering.sql)
        let report = try reader.verify()
        let kinds = report.findings.map(\.kind)
        for kind in tampering.kinds { #expect(kinds.contains(kind), "\(report.findings)") }
        if let sequence = tampering.sequence { #expect(report.findings.first?.sequence == sequence) }
        // Nothing is blamed but what was touched, and what follows from it.
        #expect(Set(kinds).subtracting(tampering.kinds).subtracting([.counter, .span]) == [])
        #expect(report.findings.allSatisfy { !$0.description.contains("\n") })
    }

    @Test("gaps of any size end and are found once", arguments: [(1, 1), (2_000, 700), (2_001, 1), (5_000, 700)])
    func gaps(size: Int64, first: Int64) throws {
        let folder = try LongLedger.copy()
        try tamper(folder, "DELETE FROM record WHERE seq >= \(first) AND seq < \(first + size)")
        let report = try LedgerReader.open(folder: folder.path).verify()
        #expect(report.records == LongLedger.records - size)
        #expect(report.lastSequence == LongLedger.records)
        let gaps = report.findings.filter { $0.kind == .gap }
        #expect(gaps.map(\.sequence) == [first + size])
        #expect(gaps.first?.detail.contains("before it is \(first - 1),") == true)
        #expect(Set(report.findings.map(\.kind)) == [.gap, .counter, .span])
    }

    @Test("a ledger whose records are all gone says how many there were")
    func allRemoved() throws {
        let folder = try LongLedger.copy()
        try tamper(folder, "DELETE FROM record")
        let report = try LedgerReader.open(folder: folder.path).verify()
        #expect(report.records == 0 && report.lastSequence == 0)
        #expect(Set(report.findings.map(\.kind)) == [.progress, .counter, .span])
        #expect(report.findings.contains { $0.detail == "6000 records were counted, the ledger ends at 0" })
    }

    @Test(
        "how far was counted is not believed",
        arguments: [
            (Int64(1) << 62, [.progress]), (Int64.max, [.progress]), (6_001, [.progress]),
            (0, [.counter, .span]), (Int64.min, [.counter, .span]),
        ] as [(Int64, [VerifyFinding.Kind])])
    func countedThrough(place: Int64, kinds: [VerifyFinding.Kind]) throws {
        let folder = try LongLedger.copy()
        try tamper(folder, "UPDATE state SET counted_through = \(place)")
        let report = try LedgerReader.open(folder: folder.path).verify()
        #expect(report.records == LongLedger.records)
        #expect(Set(report.findings.map(\.kind)) == Set(kinds))
    }

    @Test("a record at the last place there can be ends as well")
    func lastPlace() throws {
        let folder = try LongLedger.copy()
        try tamper(folder, "UPDATE record SET seq = \(Int64.max) WHERE seq = 6000")
        try tamper(folder, "UPDATE state SET counted_through = \(Int64.max)")
        let report = try LedgerReader.open(folder: folder.path).verify()
        #expect(report.records == LongLedger.records)
        #expect(Set(report.findings.map(\.kind)) == [.gap, .misplaced, .span])
    }

    @Test("whether a partner is listed cannot be checked before it is counted, and is when it was counted otherwise")
    func listedOfTheTail() throws {
        let folder = try TemporaryFolder()
        let writer = try LedgerWriter.open(folder)
        defer { writer.close() }
        try writer.appendAndWait((1...3).map { .sample($0) })
        let reader = try LedgerReader.open(folder: folder.path)
        try #require(try value(folder, "SELECT counted_through FROM state") == 0)
        try tamper(folder, "UPDATE record SET listed = 0 WHERE seq = 2")
        #expect(try reader.verify().isSound)
        // The server counts what it decided, not what it finds in the file.
        writer.close()
        #expect(try Set(reader.verify().findings.map(\.kind)) == [.counter])
    }

    @Test("finds a receipt that was given out twice")
    func duplicateReceipt() throws {
        let folder = try TemporaryFolder()
        try writeLedger(folder, [.sample(1), .sample(2), .sample(1)])
        let report = try LedgerReader.open(folder: folder.path).verify()
        #expect(report.findings.map(\.kind) == [.duplicate])
        #expect(report.findings[0].description.contains("record 1"))
    }

    @Test("is content with erased personal fields, and counts them")
    func erased() throws {
        let folder = try TemporaryFolder()
        try writeLedger(folder, (1...3).map { .sample($0) })
        try tamper(folder, "UPDATE record SET salt = NULL, personal = NULL WHERE seq = 2")
        let reader = try LedgerReader.open(folder: folder.path)
        let report = try reader.verify()
        #expect(report.isSound && report.erased == 1)
        #expect(try reader.all()[1].record?.text(.ip) == nil)
    }

    @Test("keeps a hundred findings and counts all")
    func bounded() throws {
        let folder = try TemporaryFolder()
        try writeLedger(folder, (1...300).map { .sample($0) })
        try tamper(folder, "UPDATE record SET hash = zeroblob(32)")
        let report = try LedgerReader.open(folder: folder.path).verify()
        #expect(report.findings.count == 100)
        #expect(report.findingCount == 300)
    }

    @Test("works while a server writes")
    func whileWriting() async throws {
        let folder = try TemporaryFolder()
        let writer = try LedgerWriter.open(folder)
        try writer.appendAndWait([.sample(0)])
        let writing = Task.detached {
            var random = RandomDrafts(seed: 4)
            for _ in 0..<60 { try writer.appendAndWait(random.take(150)) }
        }
        let reader = try LedgerReader.open(folder: folder.path)
        for _ in 0..<5 { #expect(try reader.verify().findings == []) }
        try await writing.value
        #expect(try reader.verify().findings == [])
        writer.close()
        #expect(try reader.verify().records == 9_001)
    }

    @Test("reads a ledger of several pages to its end")
    func severalPages() throws {
        let folder = try TemporaryFolder()
        var random = RandomDrafts(seed: 5)
        try writeLedger(folder, random.take(9_500), portion: 1_000)
        var places: [Int64] = []
        let report = try LedgerReader.open(folder: folder.path).verify { sequence, _ in places.append(sequence) }
        #expect(report.isSound && report.records == 9_500)
        #expect(places == [2_000, 4_000, 6_000, 8_000])
    }
}
