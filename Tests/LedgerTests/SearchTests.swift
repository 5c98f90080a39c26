import Attribution
import Foundation
import GRDB
import KeptLogs
import Logging
import SeededRandomness
import Testing

@testable import Ledger

@Suite("The search index")
struct SearchTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func filters() -> [RecordFilter] {
        var unlisted = RecordFilter()
        unlisted.partner = PartnerID(3)
        unlisted.outcome = .unknown
        return [
            .with(\.partner, PartnerID(2)!), .with(\.outcome, .conflict), unlisted,
            .with(\.route, "quoted \"\\ \u{1}é"), .with(\.campaign, "é\u{202E}").with(\.client, .bot),
            .with(\.origin, "web").with(\.since, .noon).with(\.until, Timestamp.noon.adding(seconds: 3_600)),
            .with(\.kind, .signup).with(\.outcome, .attributed), .with(\.reason, .tooLong), .with(\.concerns, PartnerID(2)!),
            .with(\.campaign, "nobody's"), .with(\.kind, .adjustment), .with(\.partner, PartnerID(9)!),
            .with(\.signature, .invalid).with(\.client, .bot),
        ]
    }

    @Test("finds the same records as reading through, from both ends and between any places", arguments: [31])
    func same(seed: UInt64) throws {
        var random = RandomDrafts(seed: seed)
        try writeLedger(folder, random.take(2 * SearchSegment.records + 700), portion: 2_000)
        let read = try filters().map { try folder.found($0) }
        #expect(read.map(\.count).filter { $0 > 0 }.count == 10)
        let work = try folder.index()
        #expect(work.segments == 2)
        var generator = SplitMix64(seed: seed)
        for (filter, expected) in zip(filters(), read) {
            #expect(try folder.found(filter) == expected)
            #expect(try folder.found(filter, newestFirst: true) == expected.reversed())
            let after = Int64.random(in: 0...16_000, using: &generator)
            let before = after + Int64.random(in: 1...5_000, using: &generator)
            #expect(try folder.found(filter, after: after, before: before) == expected.filter { $0 > after && $0 < before })
            #expect(try paged(filter, limit: 1 + expected.count / 3) == expected.reversed())
        }
    }

    /// All that is found page by page, from the newest to the ledger's beginning.
    private func paged(_ filter: RecordFilter, limit: Int) throws -> [Int64] {
        let reader = try LedgerReader.open(folder: folder.path)
        var found: [Int64] = []
        var before: Int64? = .max
        while let place = before {
            let page = try reader.page(matching: filter, before: place, limit: limit)
            #expect(page.records.count == limit || page.next == nil)
            found += page.records.compactMap { $0.number(.sequence) }
            before = page.next
        }
        return found
    }

    @Test("is made of portions, between each of which the writer can begin its log anew; who ends amid a segment begins it again")
    func portions() throws {
        try folder.writeSegmentOfUnknownIDs()
        let partner = RecordFilter.with(\.partner, PartnerID(77)!)
        let expected = try folder.found(partner)
        let ledger = try DatabaseQueue(path: folder.ledger)
        try ledger.write { try $0.execute(sql: "CREATE TABLE written (number INTEGER)") }
        do {
            var ended = try IndexingWork(folder: folder.path, logger: Logger(label: "test"))
            for number in 0..<5 {
                let done = try ended.doNext(now: .noon)
                #expect(done == .records && ended.segments == 0)
                try ledger.write { try $0.execute(sql: "INSERT INTO written VALUES (?)", arguments: [number]) }
                // Busy, if a read of the portion is still open.
                _ = try ledger.writeWithoutTransaction { try $0.checkpoint(.truncate) }
            }
        }
        #expect(try folder.index().segments == 1)
        #expect(try folder.found(partner) == expected && !expected.isEmpty)
    }

    @Test("of a ledger that was replaced by a backup is not used, and made anew")
    func replaced() throws {
        try folder.writeSegmentOfUnknownIDs()
        try folder.index()
        let partner = RecordFilter.with(\.partner, PartnerID(77)!)
        let expected = try folder.found(partner)
        try DatabaseQueue(path: folder.ledger).write { database in
            try database.execute(
                sql: """
                    UPDATE record SET hash = randomblob(32),
                        leaf = CAST(replace(CAST(leaf AS TEXT), '"partner":"77"', '"partner":"78"') AS BLOB)
                    """)
        }
        #expect(try folder.found(partner).isEmpty && !expected.isEmpty)
        let log = KeptLog()
        #expect(try folder.index(log.logger).segments == 1)
        #expect(log.lines == ["notice: the search index was made from another ledger and is made anew"])
        #expect(try folder.found(.with(\.partner, PartnerID(78)!)) == expected)
        #expect(try LedgerReader.open(folder: folder.path).searchIndex() != nil)
    }

    @Test("of another version of the program is as good as none, and made anew", arguments: [5, 7])
    func otherLayout(version: Int) throws {
        try folder.writeSegmentOfUnknownIDs()
        try folder.index()
        try folder.changeIndex("PRAGMA user_version = \(version)")
        #expect(try LedgerReader.open(folder: folder.path).searchIndex() == nil)
        let log = KeptLog()
        #expect(try folder.index(log.logger).segments == 1)
        #expect(log.lines == ["notice: the search index is of another version and is made anew"])
        #expect(try LedgerReader.open(folder: folder.path).searchIndex() != nil)
    }

    @Test("counts IDs that nobody has, the most frequent ones by name")
    func unknownIDs() throws {
        try folder.writeSegmentOfUnknownIDs()
        try folder.index()
        let named = try named(on: CalendarDay(year: 2016, month: 10, day: 3))
        #expect(named.count == UnknownIDs.maximumPerDay + 1)
        #expect(named[77] == Int64(SearchSegment.records + 2) / 3)
        #expect(named.values.reduce(0, +) == Int64(SearchSegment.records))
        #expect(named[UnknownIDs.other] != nil)
    }

    /// The IDs of a day that are kept by their names, and the others.
    private func named(on day: CalendarDay) throws -> [UInt64: Int64] {
        try DatabaseQueue(path: SearchFile.path(in: folder.path)).read { database in
            var named: [UInt64: Int64] = [:]
            try UnknownIDs(database: database).forEach(from: day, through: day) { named[$0] = $1 }
            return named
        }
    }

    @Test("names the wrong ID of an image also on a day on which a flood of others came before it")
    func unknownIDsAfterFlood() throws {
        let most = UInt64(UnknownIDs.maximumPerDay)
        let drafts = (0..<2 * UInt64(SearchSegment.records)).map { number in
            RecordDraft.sample(number) { draft in
                draft.outcome = .unknown
                draft.partnerIsListed = false
                let isLate = number > UInt64(SearchSegment.records) && number % 4 == 0
                draft.partner = PartnerID(isLate ? 77 : 1_000 + number % (2 * most))
            }
        }
        try writeLedger(folder, drafts, portion: 4_096)
        try folder.index()
        let reader = try LedgerReader.open(folder: folder.path)
        let day = CalendarDay(year: 2016, month: 10, day: 3)
        let found = try reader.unknownIDs(from: day, through: day, limit: 3)
        #expect(found.first?.id == PartnerID(77) && found.first?.requests == Int64(SearchSegment.records / 4 - 1))
        let named = try named(on: day)
        #expect(named.count == UnknownIDs.maximumPerDay + 1)
        #expect(named.values.reduce(0, +) == 2 * Int64(SearchSegment.records))
    }

    @Test("finds campaigns as they are counted: with a NUL in them, and whatever form their letters have")
    func campaigns() throws {
        let sent = ["a", "a\0b", "a\0c", "a\u{FFFD}b", "caf\u{E9}", "cafe\u{301}", "K", "\u{212A}", "k"]
        let drafts = (0..<UInt64(SearchSegment.records) + 100).map { number in
            RecordDraft.sample(number) { $0.campaign = sent[Int(number) % sent.count] }
        }
        try writeLedger(folder, drafts, portion: 4_096)
        let read = try sent.map { try folder.found(.with(\.campaign, $0)) }
        let counted = try LedgerReader.open(folder: folder.path).counts(CountQuery(dimensions: [.campaign], timeZone: .gmt))
        #expect(counted.lines.count == 6)
        for line in counted.lines {
            #expect(try folder.found(.with(\.campaign, line.values[0])).count == Int(line.tally.requests), "\(line.values[0])")
        }
        #expect(try folder.index().segments == 1)
        for (campaign, expected) in zip(sent, read) {
            #expect(try folder.found(.with(\.campaign, campaign)) == expected && !expected.isEmpty, "\(campaign)")
        }
    }

    @Test("places are stored and read, few and many", arguments: [0, 1, 7, 511, 512, 513, 8_192])
    func places(count: Int) {
        var generator = SplitMix64(seed: UInt64(count))
        let places = Array((0..<SearchSegment.records).shuffled(using: &generator).prefix(count)).sorted()
        let stored = PlaceSet.stored(places.map { UInt16($0) })
        #expect(stored.count <= SearchSegment.records / 8)
        let read = stored.withUnsafeBytes { PlaceSet(stored: $0) }
        #expect(read?.places == places)
        #expect(read?.count == count)
    }
}
