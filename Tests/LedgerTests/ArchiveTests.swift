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
    private func archive(now: Timestamp) throws -> [ArchivedDays.Day] {
        try folder.index(now: now)
        return try usable()
    }

    /// The days that a count would take from the columns.
    private func usable() throws -> [ArchivedDays.Day] {
        let reader = try LedgerReader.open(folder: folder.path)
        let index = try #require(reader.searchIndex())
        return try reader.read { ledger in
            try index.read { try ArchivedDays($0, ledger: ledger).days }
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
            try CountQuery(
                dimensions: [.day, .outcome], filters: [CountFilter(.partner, "2")], since: since, timeZone: kathmandu),
            try CountQuery(dimensions: [.outcome], filters: [CountFilter(.partner, "")], since: since, until: until),
        ]
    }

    /// Whatever two dimensions come to, in zones that are ahead of UTC and behind it.
    private func pairs() throws -> [CountQuery] {
        let zones = ["UTC", "Asia/Kathmandu", "America/St_Johns"].map { TimeZone(identifier: $0)! }
        let dimensions = CountDimension.allCases.filter { !$0.isPlace }
        let since = QuarterHour(containing: Timestamp.noon.adding(seconds: 86_400 / 2 + 900))
        return try dimensions.flatMap { first in
            try dimensions.filter { $0 != first }.enumerated().map { place, second in
                try CountQuery(
                    dimensions: [first, second], since: place % 2 == 0 ? since : nil, timeZone: zones[place % zones.count])
            }
        }
    }

    /// The same questions without columns.
    private func plainCounts(_ queries: [CountQuery]) throws -> [CountTable] {
        let copy = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: folder.ledger, toPath: copy.ledger)
        if FileManager.default.fileExists(atPath: folder.ledger + "-wal") {
            try FileManager.default.copyItem(atPath: folder.ledger + "-wal", toPath: copy.ledger + "-wal")
        }
        let reader = try LedgerReader.open(folder: copy.path)
        #expect(reader.searchIndex() == nil)
        return try reader.counts(queries)
    }

    private func counts(_ queries: [CountQuery]) throws -> [CountTable] {
        try LedgerReader.open(folder: folder.path).counts(queries)
    }

    private func expectTheSame(_ queries: [CountQuery], _ comment: Comment? = nil) throws {
        for (counted, plain) in zip(try counts(queries), try plainCounts(queries)) { #expect(counted == plain, comment) }
    }

    @Test("are the same as from the counters, whatever is asked", arguments: [41])
    func same(seed: UInt64) throws {
        try writeLedger(folder, drafts(Self.records, seed: seed), portion: 1_500)
        let plain = try plainCounts(queries())
        #expect(plain[0].total.requests == Int64(Self.records) && plain[5].total.requests > 0 && plain[6].lines.isEmpty)
        #expect(plain[8].total.requests > 0 && plain[9].total.requests > 0)
        let days = try archive(now: end)
        #expect(days.count { $0.isWhole } == Self.days)
        try expectTheSame(queries() + pairs())
    }

    @Test("are the same at every moment of a day that grows, with adjustments among the records")
    func growing() async throws {
        let mistyped = RecordDraft.sample(80_000) { draft in
            draft.outcome = .unknown
            draft.partner = PartnerID(7_654_321)
            draft.partnerIsListed = false
        }
        try writeLedger(folder, [mistyped])
        let all = drafts(Self.records, seed: 17)
        var previous: PartnerID?
        for portion in 0..<12 {
            let size = all.count / 12
            let drafts = Array(all[portion * size..<(portion + 1) * size])
            try writeLedger(folder, drafts, portion: 700)
            let now = drafts.last!.time.adding(seconds: 1)
            let signup = try #require(try LedgerReader.open(folder: folder.path).record(receipt: mistyped.receipt)?.record)
            let partner = portion % 4 == 3 ? nil : PartnerID(UInt64(1 + portion % 3))
            let adjustment = try #require(
                AdjustmentDraft(
                    of: signup, partner: partner, replaces: previous, directoryVersion: 4, adjustedBy: "anna", note: "again",
                    receipt: Receipt(time: now, random16: 9, random64: UInt64(portion)), time: now))
            let writer = try LedgerWriter.open(folder)
            #expect(await writer.append(adjustment))
            previous = partner
            #expect(try counts(queries())[0].total.adjusted == (partner == nil ? 0 : 1))
            // The adjustment is not counted yet: it is of the tail.
            if portion > 7 { try archive(now: now.adding(seconds: 1_000)) }
            try expectTheSame(queries(), "portion \(portion)")
            writer.close()
            if portion > 7 { try archive(now: now.adding(seconds: 1_000)) }
            try expectTheSame(queries(), "portion \(portion), counted")
        }
        let days = try usable()
        #expect(days.contains { $0.isWhole } && days.contains { !$0.isWhole })
    }

    @Test("are not used for days to which a clock that stepped back added records, until they are kept anew")
    func steppingClock() throws {
        try writeLedger(folder, drafts(Self.records, seed: 8), portion: 1_500)
        let archived = try archive(now: end)
        #expect(archived.count == Self.days + 1)
        // Two days back, and then on as if nothing had been.
        let late = (0..<100).map { RecordDraft.sample(90_000 + $0, time: end.adding(seconds: -2 * 86_400 + Double($0))) }
        try writeLedger(folder, late)
        let days = try usable()
        #expect(days.count < archived.count && !days.map(\.day).contains(late[0].time.day))
        try expectTheSame(queries())
        let later = (0..<UInt64(2 * SequenceSpan.records)).map {
            RecordDraft.sample(95_000 + $0, time: end.adding(seconds: 90_000))
        }
        try writeLedger(folder, later, portion: 2_000)
        let anew = try archive(now: end.adding(seconds: 100_000))
        #expect(Set(anew.map(\.day)).isSuperset(of: archived.map(\.day)))
        try expectTheSame(queries())
    }

    @Test("wait until the quarter hours are over, and until no record of them is expected")
    func openDay() throws {
        try writeLedger(folder, drafts(Self.records, seed: 9), portion: 1_500)
        let first = Timestamp.noon.day
        let midnight = QuarterHour(containing: first.next.start).number
        let whole = ArchivedDays.Day(day: first, until: QuarterHour(number: midnight))
        #expect(try archive(now: Timestamp.noon.adding(seconds: 86_400)).first == whole)
        // A quarter hour's margin: of the second day all before 11:45.
        let second = try #require(try usable().last)
        #expect(second.day == first.next && second.until.number == midnight + 4 * 12 - 1 && !second.isWhole)
        // Half an hour more is not worth it, an hour is.
        #expect(try archive(now: Timestamp.noon.adding(seconds: 86_400 + 1_800)).last == second)
        #expect(try archive(now: Timestamp.noon.adding(seconds: 86_400 + 3_600)).last?.until.number == second.until.number + 4)
        try expectTheSame(queries())
    }

    @Test("are the same where the counters behind them are too many to be read at once")
    func manyOpenCounters() throws {
        try writeLedger(folder, drafts(Self.records, seed: 6), portion: 1_500)
        #expect(try archive(now: Timestamp.noon.adding(seconds: 3 * 86_400)).count == 4)
        let plain = try plainCounts(queries())
        let reader = try LedgerReader.open(folder: folder.path)
        let index = try #require(reader.searchIndex())
        let counted = try reader.read { ledger in
            try index.readArchive { archive, numbers in
                let moment = CountMoment(database: ledger, tail: CounterAggregate(), adjustments: 0)
                var archived = try ArchivedMoment(moment, archive, numbers, mostOpenRows: 10)
                return try queries().map { try archived.counts($0) }
            }
        }
        #expect(counted == plain)
    }

    @Test("have no more lines than were asked for at most")
    func tooManyLines() throws {
        try writeLedger(folder, drafts(Self.records, seed: 4), portion: 1_500)
        let lines = try plainCounts([CountQuery(dimensions: [.partner, .day])])[0].lines.count
        let (enough, few) = (
            try CountQuery(dimensions: [.partner, .day], mostLines: lines),
            try CountQuery(dimensions: [.partner, .day], mostLines: lines - 1)
        )
        for _ in 0..<2 {
            #expect(try counts([enough])[0].lines.count == lines)
            #expect(throws: CountQueryError.tooManyLines(lines - 1)) { try counts([few]) }
            try archive(now: end)
        }
    }

    @Test("that are damaged are as good as none", arguments: [CountColumn.quarter, "partner"])
    func damagedNumbers(column: String) throws {
        try writeLedger(folder, drafts(Self.records, seed: 3), portion: 1_500)
        try archive(now: end)
        let file = try DatabaseQueue(path: SearchFile.path(in: folder.path))
        try file.write { index in
            let sums = try Row.fetchAll(index, sql: "SELECT day, name, data FROM archived_sum WHERE name NOT LIKE '%/%'")
            for row in sums where (row[1] as String).split(separator: ",").contains(Substring(column)) {
                let names = (row[1] as String).split(separator: ",").map(String.init)
                let stored = [UInt8](row[2] as Data)
                var rows = try #require(stored.withUnsafeBytes { ArchivedRows(stored: $0, names) })
                let place = try #require(names.firstIndex(of: column))
                rows.keys[place] = rows.keys[place].map { $0 + 4_000_000_000 }
                try index.execute(
                    sql: "UPDATE archived_sum SET data = ? WHERE day = ? AND name = ?",
                    arguments: [rows.stored.blob, row[0] as Int64, row[1] as String])
            }
        }
        try file.close()
        try expectTheSame(queries() + pairs())
    }

    @Test("are not used by who read the ledger before they were made")
    func archiveAhead() throws {
        try writeLedger(folder, drafts(Self.records, seed: 5), portion: 1_500)
        try archive(now: end)
        let reader = try LedgerReader.open(folder: folder.path)
        let index = try #require(reader.searchIndex())
        try reader.queue.inDatabase { ledger in
            try ledger.execute(sql: "BEGIN")
            defer { try? ledger.execute(sql: "ROLLBACK") }
            #expect(try !index.read { try ArchivedDays($0, ledger: ledger).days }.isEmpty)
            let write = try DatabaseQueue(path: SearchFile.path(in: folder.path))
            try write.write { try $0.execute(sql: "UPDATE archived_day SET counted_through = counted_through + 1") }
            try write.close()
            #expect(try index.read { try ArchivedDays($0, ledger: ledger).days }.isEmpty)
        }
    }

    @Test(
        "quarter hours have the same periods as one by one, also where clocks change",
        arguments: [
            "Europe/Paris", "America/St_Johns", "Australia/Lord_Howe", "America/Sao_Paulo", "Atlantic/Azores", "Pacific/Apia",
        ])
    func periods(zone: String) throws {
        let periods = CountPeriods(timeZone: try #require(TimeZone(identifier: zone)))
        for dimensions in [[.day], [.hour, .month], [.week, .day]] as [[CountDimension]] {
            var numbers = PeriodNumbers(periods, dimensions)
            var changes = 0
            for number in 0..<366 {
                let first = CalendarDay(year: 2011, month: 1, day: 1).daysSinceEpoch
                let day = CalendarDay(daysSinceEpoch: first + number)
                let around = [-86_400.0, 2 * 86_400].map { periods.offsetSeconds(at: day.start.adding(seconds: $0)) }
                guard around[0] != around[1] else { continue }
                changes += 1
                for (place, period) in try numbers.numbers(of: day).enumerated() {
                    let bucket = QuarterHour(number: QuarterHour(containing: day.start).number + Int64(place))
                    #expect(numbers.labels[Int(period)] == dimensions.map { periods.label($0, of: bucket) }, "\(bucket.start)")
                    #expect(numbers.starts[Int(period)] <= bucket)
                }
            }
            #expect(changes > 2)
        }
    }

    @Test("columns are stored and read, negative numbers among them")
    func columns() {
        for numbers in [[], [0], [0, 0], [1, 255], [0, 256, 65_535], [65_536, UInt32(bitPattern: -1)]] as [[UInt32]] {
            #expect(ArchivedColumn.stored(numbers).withUnsafeBytes { ArchivedColumn.numbers($0) } == numbers)
        }
        let damaged: [[UInt8]] = [
            [], [1], [3, 0, 0, 0, 0], [1, 2, 0, 0, 0, 7], [1, 1, 0, 0, 0, 7, 7], [0, 255, 255, 255, 255],
        ]
        for damaged in damaged {
            #expect(damaged.withUnsafeBytes { ArchivedColumn.numbers($0) } == nil, "\(damaged)")
        }
    }

    @Test("rows are stored and read, and damaged ones are not")
    func rows() {
        var rows = ArchivedRows(["origin", "outcome"])
        for number: UInt32 in [3, 1, 3] {
            let isTaken = rows.append(
                [number, 300 + number], CounterTally(requests: 7, visits: 2, unique: 1, attributed: 0, adjusted: -1))
            #expect(isTaken)
        }
        let hasRoom = rows.append([1, 1], CounterTally(requests: 1 << 40, visits: 0, unique: 0, attributed: 0))
        #expect(!hasRoom && rows.count == 3)
        let bytes = rows.stored
        let read = bytes.withUnsafeBytes { ArchivedRows(stored: $0, ["origin", "outcome"]) }
        #expect(read?.keys == rows.keys && read?.tally(2) == rows.tally(2))
        #expect(bytes.withUnsafeBytes { ArchivedRows(stored: $0, ["origin"]) } == nil)
        for length in bytes.indices {
            #expect(bytes[..<length].withUnsafeBytes { ArchivedRows(stored: $0, ["origin", "outcome"]) } == nil)
        }
        let sums = rows.sums(by: ["origin"])
        #expect(sums?.keys == [[1, 3]] && sums?.tally(1).requests == 14 && sums?.tally(1).adjusted == -2)
    }

    @Test(
        "a table of tallies adds up like a dictionary, whether each number has its place or not",
        arguments: [nil, 1 << 13, 1 << 50])
    func tallies(bound: UInt64?) {
        var generator = SplitMix64(seed: 3)
        var table = TallyTable(keys: bound)
        var expected: [UInt64: Int64] = [:]
        for _ in 0..<20_000 {
            let shift = bound == 1 << 13 ? 0 : UInt64.random(in: 0..<37, using: &generator)
            let key = UInt64.random(in: 0..<5_000, using: &generator) << shift
            table.add(CounterTally(requests: 1, visits: 0, unique: 0, attributed: 0), to: key)
            expected[key, default: 0] += 1
        }
        #expect(Dictionary(uniqueKeysWithValues: table.all.map { ($0.key, $0.tally.requests) }) == expected)
        #expect(table.count == expected.count)
    }
}
