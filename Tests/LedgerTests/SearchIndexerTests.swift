import Attribution
import Foundation
import GRDB
import KeptLogs
import Logging
import Synchronization
import Testing

@testable import Ledger

/// The thread that fills the search index: what it makes of damage and failures, and what it says of them.
@Suite("The search index, filled behind the writer,")
struct SearchIndexerTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("that is damaged is as good as none, and made anew")
    func damaged() throws {
        try folder.writeSegmentOfUnknownIDs()
        let partner = RecordFilter.with(\.partner, PartnerID(77)!)
        let expected = try folder.found(partner)
        try "no database".write(toFile: SearchFile.path(in: folder.path), atomically: false, encoding: .utf8)
        #expect(try folder.found(partner) == expected && !expected.isEmpty)
        let log = KeptLog()
        try indexed(log).end()
        #expect(try LedgerReader.open(folder: folder.path).searchIndex() != nil)
        #expect(titles(log) == [Said.damaged])
    }

    @Test(
        "whose unknown IDs are damaged is as good as none, and made anew while it grows",
        arguments: [
            "X'00'", "zeroblob(16)", "X'\(String(repeating: "7F", count: 32))'", "X'\(String(repeating: "FF", count: 16))'",
        ])
    func damagedUnknownIDs(bytes: String) throws {
        try folder.writeSegmentOfUnknownIDs()
        let day = CalendarDay(year: 2016, month: 10, day: 3)
        func most() throws -> [UnknownID] {
            try LedgerReader.open(folder: folder.path).unknownIDs(from: day, through: day, limit: 1)
        }
        let expected = try most()
        try folder.index()
        try folder.changeIndex("UPDATE unknown_ids SET data = \(bytes)")
        #expect(try most() == expected && expected.first?.id == PartnerID(77))
        // So that the segment is indexed once more, and its IDs are added to those.
        try folder.changeIndex("DELETE FROM segment; DELETE FROM posting")
        #expect(throws: DatabaseError.self) { try folder.index() }
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
        try folder.writeSegmentOfUnknownIDs()
        try folder.index()
        // Of the second segment one page in the middle; the first and what is counted of it stay.
        try writeLedger(folder, (0..<UInt64(SearchSegment.records)).map { .sample($0) }, portion: 4_096)
        try damageLeafPage(holding: Int64(SearchSegment.records) + 4_000)
        let log = KeptLog()
        let looks = Looks()
        let indexer = indexer(log, now: looks.next)
        indexer.start()
        defer { indexer.end() }
        // More than it takes to reach the page twice.
        let twice = 2 * SearchSegment.records / IndexingWork.portionRecords
        try #require(eventually { looks.count > twice })
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
        try folder.writeSegmentOfUnknownIDs()
        try refuseInserts(into: "segment")
        let log = KeptLog()
        let looks = Looks()
        let indexer = indexer(log, now: looks.next)
        indexer.start()
        defer { indexer.end() }
        // Each time it has to gather the segment anew.
        let thrice = 3 * SearchSegment.records / IndexingWork.portionRecords
        try #require(eventually { looks.count > thrice })
        #expect(indexer.progress.lastFailure?.contains("the disk is full") == true)
        #expect(log.lines.count == 1)
        try folder.changeIndex("DROP TRIGGER refused")
        try #require(eventually { log.lines.count > 1 })
        #expect(indexer.progress.indexedThrough == SearchSegment.records && indexer.progress.lastFailure == nil)
        #expect(titles(log) == [Said.fails, Said.growsAgain])
    }

    @Test("says that it grows again with the first segment that is written, and not when all are")
    func catchingUp() throws {
        try folder.writeSegmentOfUnknownIDs()
        try writeLedger(folder, (0..<UInt64(SearchSegment.records)).map { .sample($0) }, portion: 4_096)
        try refuseInserts(into: "segment")
        let log = KeptLog()
        let indexer = indexer(log) { .noon }
        indexer.start()
        defer { indexer.end() }
        try #require(eventually { log.lines.count == 1 })
        try refuse("INSERT ON segment WHEN NEW.number = 1", as: "refused_second")
        try folder.changeIndex("DROP TRIGGER refused")
        try #require(eventually { log.lines.count == 3 })
        #expect(titles(log) == [Said.fails, Said.growsAgain, Said.fails])
        #expect(indexer.progress.indexedThrough == SearchSegment.records)
    }

    @Test("whose days can't be written is filled with segments all the same, and says neither time and again")
    func failingDays() throws {
        try folder.writeSegmentOfUnknownIDs()
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
        try folder.changeIndex("DROP TRIGGER refused")
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
        try folder.changeIndex("CREATE TRIGGER \(trigger) BEFORE \(what) BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
    }

    /// One that looks for what is new time and again.
    private func indexer(_ log: KeptLog, now: @escaping @Sendable () -> Timestamp) -> SearchIndexer {
        SearchIndexer(folder: folder.path, logger: log.logger, now: now, interval: .milliseconds(1))
    }

    /// One that has indexed all that there is, and found that there is no more.
    private func indexed(_ log: KeptLog) throws -> SearchIndexer {
        let looks = Looks()
        let indexer = indexer(log, now: looks.next)
        indexer.start()
        try #require(eventually { indexer.progress.indexedThrough == SearchSegment.records }, "\(indexer.progress)")
        let before = looks.count
        try #require(eventually { looks.count > before + 2 })
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
}

/// How often an indexer looked for what is next: it asks for the time each time.
private final class Looks: Sendable {
    private let looks = Atomic(0)

    var count: Int { looks.load(ordering: .relaxed) }

    @Sendable func next() -> Timestamp {
        looks.add(1, ordering: .relaxed)
        return .noon
    }
}
