import Attribution
import Foundation
import GRDB
import KeptLogs
import Logging
import SeededRandomness
import Synchronization
import Testing

@testable import Ledger

@Suite("The search index")
struct SearchTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Indexes all that there is, as the server's thread would.
    @discardableResult
    private func index(now: Timestamp = .noon) throws -> IndexingWork {
        var work = try IndexingWork(folder: folder.path, logger: Logger(label: "test"))
        while try work.doNext(now: now) != .nothingToDo {}
        return work
    }

    private func found(
        _ filter: RecordFilter, after: Int64 = 0, before: Int64 = .max, newestFirst: Bool = false
    ) throws -> [Int64] {
        var found: [Int64] = []
        try LedgerReader.open(folder: folder.path).forEachRecord(
            matching: filter, after: after, before: before, newestFirst: newestFirst
        ) { stored, _ in
            found.append(stored.sequence)
            return true
        }
        return found
    }

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
        let read = try filters().map { try found($0) }
        #expect(read.map(\.count).filter { $0 > 0 }.count == 10)
        let work = try index()
        #expect(work.segments == 2)
        var generator = SplitMix64(seed: seed)
        for (filter, expected) in zip(filters(), read) {
            #expect(try found(filter) == expected)
            #expect(try found(filter, newestFirst: true) == expected.reversed())
            let after = Int64.random(in: 0...16_000, using: &generator)
            let before = after + Int64.random(in: 1...5_000, using: &generator)
            #expect(try found(filter, after: after, before: before) == expected.filter { $0 > after && $0 < before })
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
        try Self.oneSegment.get().write(to: URL(fileURLWithPath: folder.ledger))
        let partner = RecordFilter.with(\.partner, PartnerID(77)!)
        let expected = try found(partner)
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
        #expect(try index().segments == 1)
        #expect(try found(partner) == expected && !expected.isEmpty)
    }

    @Test("of a ledger that was replaced by a backup is not used, and made anew")
    func replaced() throws {
        try Self.oneSegment.get().write(to: URL(fileURLWithPath: folder.ledger))
        try index()
        let partner = RecordFilter.with(\.partner, PartnerID(77)!)
        let expected = try found(partner)
        try DatabaseQueue(path: folder.ledger).write { database in
            try database.execute(
                sql: """
                    UPDATE record SET hash = randomblob(32),
                        leaf = CAST(replace(CAST(leaf AS TEXT), '"partner":"77"', '"partner":"78"') AS BLOB)
                    """)
        }
        #expect(try found(partner).isEmpty && !expected.isEmpty)
        #expect(try index().segments == 1)
        #expect(try found(.with(\.partner, PartnerID(78)!)) == expected)
        #expect(try LedgerReader.open(folder: folder.path).searchIndex() != nil)
    }

    @Test("that is damaged is as good as none, and made anew")
    func damaged() throws {
        try Self.oneSegment.get().write(to: URL(fileURLWithPath: folder.ledger))
        let partner = RecordFilter.with(\.partner, PartnerID(77)!)
        let expected = try found(partner)
        try "no database".write(toFile: SearchFile.path(in: folder.path), atomically: false, encoding: .utf8)
        #expect(try found(partner) == expected && !expected.isEmpty)
        let log = KeptLog()
        try indexed(log).end()
        #expect(try LedgerReader.open(folder: folder.path).searchIndex() != nil)
        #expect(titles(log) == [Said.damaged])
    }

    @Test("of another version of the program is as good as none, and made anew", arguments: [5, 7])
    func otherLayout(version: Int) throws {
        try Self.oneSegment.get().write(to: URL(fileURLWithPath: folder.ledger))
        try index()
        try change("PRAGMA user_version = \(version)")
        #expect(try LedgerReader.open(folder: folder.path).searchIndex() == nil)
        #expect(try index().segments == 1)
        #expect(try LedgerReader.open(folder: folder.path).searchIndex() != nil)
    }

    @Test(
        "whose unknown IDs are damaged is as good as none, and made anew while it grows",
        arguments: [
            "X'00'", "zeroblob(16)", "X'\(String(repeating: "7F", count: 32))'", "X'\(String(repeating: "FF", count: 16))'",
        ])
    func damagedUnknownIDs(bytes: String) throws {
        try Self.oneSegment.get().write(to: URL(fileURLWithPath: folder.ledger))
        let day = CalendarDay(year: 2016, month: 10, day: 3)
        func most() throws -> [UnknownID] {
            try LedgerReader.open(folder: folder.path).unknownIDs(from: day, through: day, limit: 1)
        }
        let expected = try most()
        try index()
        try change("UPDATE unknown_ids SET data = \(bytes)")
        #expect(try most() == expected && expected.first?.id == PartnerID(77))
        // So that the segment is indexed once more, and its IDs are added to those.
        try change("DELETE FROM segment; DELETE FROM posting")
        #expect(throws: DatabaseError.self) { try index() }
        let reader = try LedgerReader.open(folder: folder.path)
        #expect(try reader.searchIndex()?.segments() == 0)
        let log = KeptLog()
        let indexer = try indexed(log)
        defer { indexer.end() }
        #expect(try most() == expected)
        #expect(titles(log) == [Said.fails, Said.damaged])
        #expect(try reader.searchIndex()?.segments() == 1, "who had the damaged one open")
    }

    @Test("is kept when it is the ledger that is damaged")
    func damagedLedger() throws {
        try Self.oneSegment.get().write(to: URL(fileURLWithPath: folder.ledger))
        try index()
        // Of the second segment one page in the middle; the first and what is counted of it stay.
        try writeLedger(folder, (0..<UInt64(SearchSegment.records)).map { .sample($0) }, portion: 4_096)
        try damageLeafPage(holding: Int64(SearchSegment.records) + 4_000)
        let log = KeptLog()
        let looks = Atomic(0)
        let indexer = indexer(log) {
            looks.add(1, ordering: .relaxed)
            return .noon
        }
        indexer.start()
        defer { indexer.end() }
        // More than it takes to reach the page twice.
        let twice = 2 * SearchSegment.records / IndexingWork.portionRecords
        try #require(eventually { looks.load(ordering: .relaxed) > twice })
        #expect(indexer.progress.lastFailure?.contains(folder.ledger) == true)
        #expect(indexer.progress.indexedThrough == SearchSegment.records)
        #expect(titles(log) == [Said.fails])
        #expect(try LedgerReader.open(folder: folder.path).searchIndex()?.segments() == 1)
    }

    /// Overwrites the page of the table `record` that has this record.
    private func damageLeafPage(holding sequence: Int64) throws {
        let size = 8_192
        var file = try Data(contentsOf: URL(fileURLWithPath: folder.ledger))
        let stored = try DatabaseQueue(path: folder.ledger).read {
            try Data.fetchOne($0, sql: "SELECT leaf FROM record WHERE seq = ?", arguments: [sequence])
        }
        let leaf = try #require(stored)
        let place = try #require(file.range(of: leaf)).lowerBound
        // No kind of page begins with this byte.
        file[place / size * size] = 0xFF
        try file.write(to: URL(fileURLWithPath: folder.ledger))
    }

    @Test("that can't be written says so once, and not with each portion that it grows again; it does once it can be")
    func failing() throws {
        try Self.oneSegment.get().write(to: URL(fileURLWithPath: folder.ledger))
        try refuseInserts(into: "segment")
        let log = KeptLog()
        let looks = Atomic(0)
        let indexer = indexer(log) {
            looks.add(1, ordering: .relaxed)
            return .noon
        }
        indexer.start()
        defer { indexer.end() }
        // Each time it has to gather the segment anew.
        let thrice = 3 * SearchSegment.records / IndexingWork.portionRecords
        try #require(eventually { looks.load(ordering: .relaxed) > thrice })
        #expect(indexer.progress.lastFailure?.contains("the disk is full") == true)
        #expect(log.lines.count == 1)
        try change("DROP TRIGGER refused")
        try #require(eventually { log.lines.count > 1 })
        #expect(indexer.progress.indexedThrough == SearchSegment.records && indexer.progress.lastFailure == nil)
        #expect(titles(log) == [Said.fails, Said.growsAgain])
    }

    @Test("says that it grows again with the first segment that is written, and not when all are")
    func catchingUp() throws {
        try Self.oneSegment.get().write(to: URL(fileURLWithPath: folder.ledger))
        try writeLedger(folder, (0..<UInt64(SearchSegment.records)).map { .sample($0) }, portion: 4_096)
        try refuseInserts(into: "segment")
        let log = KeptLog()
        let indexer = indexer(log) { .noon }
        indexer.start()
        defer { indexer.end() }
        try #require(eventually { log.lines.count == 1 })
        try refuse("INSERT ON segment WHEN NEW.number = 1", as: "refused_second")
        try change("DROP TRIGGER refused")
        try #require(eventually { log.lines.count == 3 })
        #expect(titles(log) == [Said.fails, Said.growsAgain, Said.fails])
        #expect(indexer.progress.indexedThrough == SearchSegment.records)
    }

    @Test("whose days can't be written is filled with segments all the same, and says neither time and again")
    func failingDays() throws {
        try Self.oneSegment.get().write(to: URL(fileURLWithPath: folder.ledger))
        try refuseInserts(into: "archived_day")
        let log = KeptLog()
        let indexer = indexer(log) { Timestamp.noon.adding(seconds: 3 * 86_400) }
        indexer.start()
        defer { indexer.end() }
        try #require(eventually { indexer.progress.lastFailure != nil })
        try writeLedger(folder, (0..<UInt64(SearchSegment.records)).map { .sample($0) }, portion: 4_096)
        try #require(eventually { indexer.progress.indexedThrough == 2 * SearchSegment.records })
        #expect(indexer.progress.lastFailure?.contains("the disk is full") == true)
        #expect(log.lines.count == 1)
        try change("DROP TRIGGER refused")
        try #require(eventually { indexer.progress.lastFailure == nil })
        try #require(eventually { log.lines.count > 1 })
        #expect(titles(log) == [Said.fails, Said.growsAgain])
    }

    private enum Said {
        static let fails = "warning: the search index does not grow"
        static let growsAgain = "notice: the search index grows again"
        static let damaged = "notice: the search index was damaged and is made anew"
    }

    private func refuseInserts(into table: String) throws {
        try SearchFile.openForWriting(folder: folder.path, Logger(label: "test")).close()
        try refuse("INSERT ON \(table)", as: "refused")
    }

    private func refuse(_ what: String, as trigger: String) throws {
        try change("CREATE TRIGGER \(trigger) BEFORE \(what) BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
    }

    /// One that looks for what is new time and again.
    private func indexer(_ log: KeptLog, now: @escaping @Sendable () -> Timestamp) -> SearchIndexer {
        SearchIndexer(folder: folder.path, logger: log.logger, now: now, interval: .milliseconds(1))
    }

    /// One that has indexed all that there is, and found that there is no more.
    private func indexed(_ log: KeptLog) throws -> SearchIndexer {
        let looks = Atomic(0)
        let indexer = indexer(log) {
            looks.add(1, ordering: .relaxed)
            return .noon
        }
        indexer.start()
        try #require(eventually { indexer.progress.indexedThrough == SearchSegment.records }, "\(indexer.progress)")
        let before = looks.load(ordering: .relaxed)
        try #require(eventually { looks.load(ordering: .relaxed) > before + 2 })
        #expect(indexer.progress.lastFailure == nil)
        return indexer
    }

    /// What was logged, up to the first comma.
    private func titles(_ log: KeptLog) -> [String] { log.lines.map { String($0.prefix { $0 != "," }) } }

    /// Whether it is so within a minute.
    private func eventually(_ isSo: () -> Bool) -> Bool {
        let deadline = ContinuousClock.now + .seconds(60)
        while !isSo(), ContinuousClock.now < deadline { usleep(1_000) }
        return isSo()
    }

    private func change(_ sql: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        let file = try DatabaseQueue(path: SearchFile.path(in: folder.path), configuration: configuration)
        try file.write { try $0.execute(sql: sql) }
        try file.close()
    }

    /// A full segment of sign-ups with IDs that nobody has, written once.
    private static let oneSegment = Result {
        let folder = try TemporaryFolder()
        let many = UInt64(UnknownIDs.maximumPerDay) + 51
        let drafts = (0..<UInt64(SearchSegment.records)).map { number in
            RecordDraft.sample(number) { draft in
                draft.outcome = .unknown
                draft.partner = PartnerID(number % 3 == 0 ? 77 : 1_000 + number % many)
                draft.partnerIsListed = false
            }
        }
        try writeLedger(folder, drafts, portion: 4_096)
        return try Data(contentsOf: URL(fileURLWithPath: folder.ledger))
    }

    @Test("counts IDs that nobody has, the most frequent ones by name")
    func unknownIDs() throws {
        try Self.oneSegment.get().write(to: URL(fileURLWithPath: folder.ledger))
        try index()
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
        try index()
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
        let read = try sent.map { try found(.with(\.campaign, $0)) }
        let counted = try LedgerReader.open(folder: folder.path).counts(CountQuery(dimensions: [.campaign], timeZone: .gmt))
        #expect(counted.lines.count == 6)
        for line in counted.lines {
            #expect(try found(.with(\.campaign, line.values[0])).count == Int(line.tally.requests), "\(line.values[0])")
        }
        #expect(try index().segments == 1)
        for (campaign, expected) in zip(sent, read) {
            #expect(try found(.with(\.campaign, campaign)) == expected && !expected.isEmpty, "\(campaign)")
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
