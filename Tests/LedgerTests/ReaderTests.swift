import Attribution
import Foundation
import GRDB
import SeededRandomness
import Testing

@testable import Ledger

@Suite("Reading")
struct ReaderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func sequences(_ filter: RecordFilter) throws -> [Int64] {
        try LedgerReader.open(folder: folder.path).all(filter).map(\.sequence)
    }

    @Test("each filter takes what fits, all together what fits them all")
    func filters() throws {
        try writeLedger(
            folder,
            [
                .sample(1), .sample(2, route: .named("web", origin: "web")) { $0.campaign = "spring" },
                .sample(3) {
                    $0.outcome = .unknown
                    $0.partner = PartnerID(123_456)
                    $0.claimed = [PartnerID(123_456)!, PartnerID(1_234_567)!]
                },
                .sample(4, time: Timestamp.noon.adding(seconds: 60)) { $0.client = .bot },
                .sample(5, route: .named("say \"yes\\no\"")) { $0.signature = .expired },
            ])
        #expect(try sequences(.with(\.outcome, .unknown)) == [3])
        #expect(try sequences(.with(\.partner, PartnerID(1_234_567)!)) == [1, 2, 4, 5])
        #expect(try sequences(.with(\.partner, PartnerID(12_345)!)) == [])
        #expect(try sequences(.with(\.claimed, PartnerID(1_234_567)!)) == [1, 2, 3, 4, 5])
        #expect(try sequences(.with(\.claimed, PartnerID(123_456)!)) == [3])
        #expect(try sequences(.with(\.route, "web")) == [2])
        #expect(try sequences(.with(\.route, "say \"yes\\no\"")) == [5])
        #expect(try sequences(.with(\.origin, "web")) == [2])
        #expect(try sequences(.with(\.campaign, "spring")) == [2])
        #expect(try sequences(.with(\.client, .bot)) == [4])
        #expect(try sequences(.with(\.signature, .expired)) == [5])
        #expect(try sequences(.with(\.signature, .valid)) == [])
        #expect(try sequences(.with(\.since, Timestamp.noon.adding(seconds: 60))) == [4])
        #expect(try sequences(.with(\.until, Timestamp.noon.adding(seconds: 60))) == [1, 2, 3, 5])
        #expect(try sequences(.with(\.receipt, RecordDraft.sample(2).receipt)) == [2])
        #expect(
            try sequences(.with(\.outcome, .attributed).with(\.origin, "web").with(\.client, .bot)) == [])
    }

    @Test("times and receipts are found whatever the clock did", arguments: [21])
    func steppingClock(seed: UInt64) throws {
        var random = RandomDrafts(seed: seed)
        let drafts = (0..<9_000).map { _ in random.next(days: 2) }
        try writeLedger(folder, drafts, portion: 500)
        var generator = SplitMix64(seed: seed)
        let reader = try LedgerReader.open(folder: folder.path)
        for _ in 0..<5 {
            let since = Timestamp.noon.adding(seconds: Double.random(in: -172_800...172_800, using: &generator))
            let until = since.adding(seconds: Double.random(in: 0...3_600, using: &generator))
            let expected = drafts.indices.filter { (since..<until).contains(drafts[$0].time) }.map { Int64($0) + 1 }
            #expect(
                try sequences(.with(\.since, since).with(\.until, until)) == expected)
            let wanted = drafts.indices.randomElement(using: &generator)!
            #expect(try reader.record(receipt: drafts[wanted].receipt)?.sequence == Int64(wanted) + 1)
        }
        #expect(try reader.record(receipt: .zero) == nil)
    }

    @Test("a look-up of a receipt reads few records of a long ledger")
    func stretches() throws {
        let drafts = (0..<9_000).map { RecordDraft.sample(UInt64($0), time: Timestamp.noon.adding(seconds: Double($0))) }
        try writeLedger(folder, drafts, portion: 1_000)
        #expect(try value(folder, "SELECT count(*) FROM span") == 3)
        #expect(
            try value(
                folder,
                "SELECT sum(last_seq - first_seq + 1) FROM span WHERE latest >= \(drafts[5_000].time.microseconds) AND earliest <= \(drafts[5_000].time.microseconds)"
            )
                == SequenceSpan.records)
        #expect(try LedgerReader.open(folder: folder.path).record(receipt: drafts[5_000].receipt)?.sequence == 5_001)
    }

    @Test("the last records that fit come in order, however far back they are")
    func lastRecords() throws {
        var drafts = (0..<12_000).map { RecordDraft.sample(UInt64($0)) }
        for index in [3, 4_000, 11_000] { drafts[index].outcome = .guid }
        try writeLedger(folder, drafts, portion: 3_000)
        let reader = try LedgerReader.open(folder: folder.path)
        var filter = RecordFilter()
        #expect(try reader.lastRecords(3, matching: filter).map(\.sequence) == [11_998, 11_999, 12_000])
        filter.outcome = .guid
        #expect(try reader.lastRecords(2, matching: filter).map(\.sequence) == [4_001, 11_001])
        #expect(try reader.lastRecords(9, matching: filter).map(\.sequence) == [4, 4_001, 11_001])
        #expect(try reader.lastRecords(0, matching: filter).isEmpty)
    }

    @Test("following goes on behind the last place that was looked at")
    func following() throws {
        let writer = try LedgerWriter.open(folder)
        try writer.appendAndWait([.sample(1), .sample(2)])
        let reader = try LedgerReader.open(folder: folder.path)
        var seen: [Int64] = []
        func look(after place: Int64) throws -> Int64 {
            try reader.forEachRecord(matching: RecordFilter(), after: place) { stored, _ in
                seen.append(stored.sequence)
                return true
            }
        }
        var place = try look(after: 0)
        place = try look(after: place)
        try writer.appendAndWait([.sample(3)])
        place = try look(after: place)
        #expect(seen == [1, 2, 3] && place == 3)
        writer.close()
    }

    @Test("a damaged record is handed over as such and stops nothing")
    func damaged() throws {
        try writeLedger(folder, (1...3).map { .sample($0) })
        try tamper(folder, "UPDATE record SET leaf = x'00' WHERE seq = 2")
        var seen: [(Int64, Bool)] = []
        try LedgerReader.open(folder: folder.path).forEachRecord(matching: RecordFilter()) { stored, record in
            seen.append((stored.sequence, record != nil))
            return true
        }
        #expect(seen.map(\.0) == [1, 2, 3] && seen.map(\.1) == [true, false, true])
    }

    @Test("a gap of any size costs nothing, in either direction", arguments: [Int64(1) << 62, Int64.max])
    func gap(last: Int64) throws {
        try writeLedger(folder, (1...3).map { .sample($0) })
        try tamper(folder, "UPDATE record SET seq = \(last) WHERE seq = 3")
        let reader = try LedgerReader.open(folder: folder.path)
        #expect(try sequences(RecordFilter()) == [1, 2, last])
        #expect(try reader.lastRecords(2, matching: RecordFilter()).map(\.sequence) == [2, last])
        #expect(try sequences(.with(\.until, Timestamp.noon.adding(seconds: 60))) == [1, 2, last])
    }

    @Test("does not change the ledger, and leaves it to its writer")
    func readOnly() throws {
        try writeLedger(folder, [.sample(1)])
        let before = try Data(contentsOf: URL(filePath: folder.ledger))
        let reader = try LedgerReader.open(folder: folder.path)
        _ = try reader.verify()
        #expect(throws: (any Error).self) { try reader.queue.write { try $0.execute(sql: "DELETE FROM record") } }
        #expect(try Data(contentsOf: URL(filePath: folder.ledger)) == before)
        let writer = try LedgerWriter.open(folder)
        #expect(try writer.appendAndWait([.sample(2)]) == .committed)
        #expect(try reader.lastSequence() == 2)
        writer.close()
    }
}
