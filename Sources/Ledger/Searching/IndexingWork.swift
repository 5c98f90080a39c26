internal import Attribution
import Foundation
internal import GRDB

/// What the indexer does, one portion after the other: the next full segment, else the next day that is over.
struct IndexingWork {
    private let index: DatabaseQueue
    private let ledger: DatabaseQueue
    private(set) var segments: Int64
    private(set) var lastSequence: Int64 = 0
    private var archiving = CountArchiving()

    /// Records that one read takes out of the ledger, so that it is short.
    private static let pageRecords = 2_048

    /// - Returns: nil while the ledger is so short that it is read through at once: it needs no index.
    static func begin(folder: String) throws -> IndexingWork? {
        let reader = try LedgerFile.openForReading(folder: folder)
        defer { try? reader.close() }
        let last = try reader.read { try LedgerReader.lastSequence($0) }
        return last >= SearchSegment.last(of: 0) ? try IndexingWork(folder: folder) : nil
    }

    init(folder: String) throws {
        ledger = try LedgerFile.openForReading(folder: folder)
        var index = try SearchFile.openForWriting(folder: folder)
        let fits = try ledger.read { ledger in try index.read { try SearchIndex.fits($0, ledger) } }
        if !fits {
            try index.close()
            try SearchFile.remove(folder: folder)
            index = try SearchFile.openForWriting(folder: folder)
        }
        self.index = index
        segments = try index.read { try SearchIndex.segments($0) }
    }

    /// - Returns: whether there was something to do.
    mutating func doNext(now: Timestamp) throws -> Bool {
        lastSequence = try ledger.read { try LedgerReader.lastSequence($0) }
        if lastSequence >= SearchSegment.last(of: segments) {
            try indexSegment()
            return true
        }
        return try archiving.archiveNext(of: ledger, in: index, now: now)
    }

    private mutating func indexSegment() throws {
        var postings = SegmentPostings()
        let first = SearchSegment.first(of: segments)
        let last = SearchSegment.last(of: segments)
        var lastHash: [UInt8] = []
        var next = first
        while next <= last {
            let end = min(last, next + Int64(Self.pageRecords) - 1)
            try ledger.read { database in
                let rows = try Row.fetchCursor(
                    database, sql: "SELECT seq, leaf, hash FROM record WHERE seq >= ? AND seq <= ? ORDER BY seq",
                    arguments: [next, end])
                while let row = try rows.next() {
                    let place = Int(row[0] as Int64 - first)
                    try row.withUnsafeData(atIndex: 1) { data in
                        data?.withUnsafeBytes { postings.add($0, at: place) }
                    }
                    if row[0] == last { lastHash = try row.bytes(2) ?? [] }
                }
            }
            next = end + 1
        }
        try write(postings, lastHash: lastHash)
        segments += 1
    }

    private func write(_ postings: SegmentPostings, lastHash: [UInt8]) throws {
        try index.write { database in
            try database.execute(
                sql: "INSERT INTO segment (number, last_hash) VALUES (?, ?)", arguments: [segments, lastHash.blob])
            let statement = try database.cachedStatement(sql: "INSERT INTO posting VALUES (?, ?, ?, ?)")
            for posting in postings.all {
                try statement.execute(arguments: [
                    segments, posting.field.rawValue, posting.value, PlaceSet.stored(posting.places).blob,
                ])
            }
            try UnknownIDs(database: database).add(postings.unknownIDs)
        }
    }
}
