import Attribution
import Foundation
import GRDB
import SeededRandomness
import Testing

@testable import Ledger

@Suite("Counts of days that are kept by columns")
struct ArchiveTests {
    private let folder: TemporaryFolder
    private static let days = 6
    /// A few more than three spans: the last one begins when the last whole day is over.
    private static let records = 3 * Int(SequenceSpan.records) + 12

    init() throws { folder = try TemporaryFolder() }

    /// Ascending times over some days, as a steady clock gives them.
    private func drafts(_ count: Int, seed: UInt64) -> [RecordDraft] {
        var random = RandomDrafts(seed: seed)
        return (0..<count).map { number in
            var draft = random.next()
            draft.time = Timestamp.noon.adding(seconds: Double(Self.days) * 86_400 * Double(number) / Double(count))
            return draft
        }
    }

    private var end: Timestamp { Timestamp.noon.adding(seconds: Double(Self.days) * 86_400) }

    @discardableResult
    private func archive(now: Timestamp) throws -> Set<CalendarDay> {
        var work = try IndexingWork(folder: folder.path)
        while try work.doNext(now: now) {}
        return try usable()
    }

    /// The days that a count would take from the columns.
    private func usable() throws -> Set<CalendarDay> {
        let reader = try LedgerReader.open(folder: folder.path)
        let index = try #require(reader.searchIndex())
        return try reader.read { ledger in
            try index.read { try ArchivedDays($0, ledger: ledger, from: nil, through: nil).days }
        }
    }

    private func queries() throws -> [CountQuery] {
        let kathmandu = TimeZone(identifier: "Asia/Kathmandu")!
        let since = QuarterHour(containing: Timestamp.noon.adding(seconds: 86_400 + 900))
        let until = QuarterHour(containing: Timestamp.noon.adding(seconds: 3 * 86_400 - 4_500))
        return [
            try CountQuery(dimensions: []), try CountQuery(dimensions: [.outcome]), try CountQuery(dimensions: [.hour]),
            try CountQuery(dimensions: [.day, .partner], timeZone: kathmandu),
            try CountQuery(dimensions: [.route, .month, .campaign, .client, .clientOS], since: since, until: until),
            try CountQuery(
                dimensions: [.origin], filters: [CountFilter(.campaign, "spring"), CountFilter(.partner, "2")], until: until),
            try CountQuery(dimensions: [.origin], filters: [CountFilter(.campaign, "never was")]),
            try CountQuery(dimensions: CountDimension.allCases.filter { !$0.isPlace }),
        ]
    }

    /// The same questions without columns.
    private func plainCounts() throws -> [CountTable] {
        let copy = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: folder.ledger, toPath: copy.ledger)
        let reader = try LedgerReader.open(folder: copy.path)
        #expect(reader.searchIndex() == nil)
        return try queries().map { try reader.counts($0) }
    }

    private func counts() throws -> [CountTable] {
        let reader = try LedgerReader.open(folder: folder.path)
        return try queries().map { try reader.counts($0) }
    }

    @Test("are the same as from the counters, whatever is asked", arguments: [41])
    func same(seed: UInt64) throws {
        try writeLedger(folder, drafts(Self.records, seed: seed), portion: 1_500)
        let plain = try plainCounts()
        #expect(plain[0].total.requests == Int64(Self.records) && plain[5].total.requests > 0 && plain[6].lines.isEmpty)
        let days = try archive(now: end)
        #expect(days.count == Self.days)
        #expect(try counts() == plain)
    }

    @Test("are not used for days to which a clock that stepped back added records, until they are kept anew")
    func steppingClock() throws {
        try writeLedger(folder, drafts(Self.records, seed: 8), portion: 1_500)
        let archived = try archive(now: end)
        #expect(archived.count == Self.days)
        // Two days back, and then on as if nothing had been.
        let late = (0..<100).map { RecordDraft.sample(90_000 + $0, time: end.adding(seconds: -2 * 86_400 + Double($0))) }
        try writeLedger(folder, late)
        let days = try usable()
        #expect(days.count < archived.count && !days.contains(late[0].time.day))
        #expect(try counts() == plainCounts())
        let later = (0..<UInt64(2 * SequenceSpan.records)).map {
            RecordDraft.sample(95_000 + $0, time: end.adding(seconds: 90_000))
        }
        try writeLedger(folder, later, portion: 2_000)
        #expect(try archive(now: end.adding(seconds: 100_000)).isSuperset(of: archived))
        #expect(try counts() == plainCounts())
    }

    @Test("wait until the day is over")
    func openDay() throws {
        try writeLedger(folder, drafts(Self.records, seed: 9), portion: 1_500)
        #expect(try archive(now: Timestamp.noon.adding(seconds: 86_400)) == [Timestamp.noon.day])
    }

    @Test("columns are stored and read, negative numbers among them")
    func columns() {
        for numbers in [[], [0], [1, 255], [0, 256, 65_535], [65_536, UInt32(bitPattern: -1)]] as [[UInt32]] {
            #expect(ArchivedColumn.stored(numbers).withUnsafeBytes { ArchivedColumn.numbers($0) } == numbers)
        }
        #expect([3, 1, 2].withUnsafeBytes { ArchivedColumn.numbers($0) } == nil)
    }

    @Test("a table of tallies adds up like a dictionary")
    func tallies() {
        var generator = SplitMix64(seed: 3)
        var table = TallyTable()
        var expected: [UInt64: Int64] = [:]
        for _ in 0..<20_000 {
            let key = UInt64.random(in: 0..<5_000, using: &generator) << UInt64.random(in: 0..<40, using: &generator)
            table.add(CounterTally(requests: 1, visits: 0, unique: 0, attributed: 0), to: key)
            expected[key, default: 0] += 1
        }
        #expect(Dictionary(uniqueKeysWithValues: table.all.map { ($0.key, $0.tally.requests) }) == expected)
    }
}
