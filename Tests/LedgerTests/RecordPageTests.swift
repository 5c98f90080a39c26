import Attribution
import Testing

@testable import Ledger

@Suite("Pages of records")
struct RecordPageTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func ledger(_ count: Int, rare: Set<Int> = []) throws -> LedgerReader {
        try writeLedger(
            folder,
            (1...count).map { number in
                RecordDraft.sample(UInt64(number)) { if rare.contains(number) { $0.outcome = .guid } }
            })
        return try LedgerReader.open(folder: folder.path)
    }

    private func places(_ page: RecordPage) -> [Int64] { page.records.compactMap { $0.number(.sequence) } }

    @Test("go from the newest to the oldest and back again, each record on one of them")
    func thereAndBack() throws {
        let reader = try ledger(25)
        let filter = RecordFilter()
        var pages: [[Int64]] = []
        var before: Int64? = .max
        while let place = before {
            let page = try reader.page(matching: filter, before: place, limit: 10)
            pages.append(places(page))
            before = page.next
        }
        #expect(pages == [Array((16...25).reversed()), Array((6...15).reversed()), Array((1...5).reversed())])
        let back = try #require(try reader.page(matching: filter, after: pages[2][0], before: .max, limit: 10))
        #expect(places(back) == pages[1] && back.next == 6)
        // The ten that are left are the first page.
        #expect(try reader.page(matching: filter, after: pages[1][0], before: .max, limit: 10)?.records == nil)
        let bounded = try #require(try reader.page(matching: filter, after: 15, before: 19, limit: 2))
        #expect(places(bounded) == [17, 16] && bounded.next == 16)
        #expect(try reader.page(matching: filter, after: 16, before: 19, limit: 2)?.records == nil)
        #expect(try reader.page(matching: filter, after: 25, before: .max, limit: 10)?.records == nil)
    }

    @Test("take what fits the filter, in both directions")
    func filtered() throws {
        let reader = try ledger(40, rare: [3, 17, 18, 39])
        let filter = RecordFilter.with(\.outcome, .guid)
        #expect(try places(reader.page(matching: filter, limit: 3)) == [39, 18, 17])
        #expect(try places(reader.page(matching: filter, before: 17, limit: 3)) == [3])
        let back = try #require(try reader.page(matching: filter, after: 3, before: .max, limit: 2))
        #expect(places(back) == [18, 17])
    }

    @Test("a count of what has come goes to a bound, and says when there may be more")
    func counts() throws {
        let reader = try ledger(40, rare: [3, 17, 18, 39])
        let all = RecordFilter()
        #expect(try reader.count(matching: all, after: 40, most: 5) == RecordCount(number: 0, isExact: true))
        #expect(try reader.count(matching: all, after: 36, most: 5) == RecordCount(number: 4, isExact: true))
        #expect(try reader.count(matching: all, after: 35, most: 5) == RecordCount(number: 5, isExact: true))
        #expect(try reader.count(matching: all, after: 34, most: 5) == RecordCount(number: 5, isExact: false))
        let rare = RecordFilter.with(\.outcome, .guid)
        #expect(try reader.count(matching: rare, after: 17, most: 5) == RecordCount(number: 2, isExact: true))
        try tamper(folder, "UPDATE record SET seq = \(Int64.max) WHERE seq = 40")
        #expect(try reader.count(matching: all, after: 39, most: 5) == RecordCount(number: 0, isExact: false))
        #expect(try reader.count(matching: all, after: .max - 1, most: 5) == RecordCount(number: 1, isExact: true))
    }
}
