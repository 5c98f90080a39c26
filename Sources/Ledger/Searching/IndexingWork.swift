internal import Attribution
import Foundation
internal import GRDB

/// What the indexer does, one portion after the other: some records of the next full segment, else the next day that is over.
struct IndexingWork {
    private let folder: String
    private let ledger: DatabaseQueue
    /// Opened, and made, once there is something to index.
    private var index: DatabaseQueue?
    private(set) var segments: Int64 = 0
    private(set) var lastSequence: Int64 = 0
    /// What was gathered of the next segment.
    private var gathered = SegmentPostings()
    /// The next record of that segment.
    private var nextSequence = SearchSegment.first(of: 0)
    private var archiving = CountArchiving()

    /// Records of a portion. While they are read the writer cannot begin its log anew, and where there are few processors
    /// sign-ups wait; so there are few.
    static let portionRecords = 256

    init(folder: String) throws {
        self.folder = folder
        ledger = try LedgerFile.openForReading(folder: folder)
    }

    /// - Returns: whether there was something to do. A ledger of less than a segment is read through at once: it gets no index.
    /// - Throws: whatever keeps the index from growing. Another is to be made then: some records of a portion may have been
    ///   gathered, and none must be twice.
    mutating func doNext(now: Timestamp) throws -> Bool {
        lastSequence = try ledger.read { try LedgerReader.lastSequence($0) }
        guard lastSequence >= SearchSegment.last(of: 0) else { return false }
        let index = try index ?? openIndex()
        self.index = index
        if lastSequence >= SearchSegment.last(of: segments) {
            try indexSegment(in: index)
            return true
        }
        return try archiving.archiveNext(of: ledger, in: index, now: now)
    }

    /// Opens the index, anew if it is another ledger's.
    private mutating func openIndex() throws -> DatabaseQueue {
        var index = try SearchFile.openForWriting(folder: folder)
        let fits = try ledger.read { ledger in try index.read { try SearchIndex.fits($0, ledger) } }
        if !fits {
            try index.close()
            try SearchFile.remove(folder: folder)
            index = try SearchFile.openForWriting(folder: folder)
        }
        segments = try index.read { try SearchIndex.segments($0) }
        nextSequence = SearchSegment.first(of: segments)
        return index
    }

    /// Gathers the next records of the segment that is full, and writes it with the last of them.
    private mutating func indexSegment(in index: DatabaseQueue) throws {
        let first = SearchSegment.first(of: segments)
        let last = SearchSegment.last(of: segments)
        let end = min(last, nextSequence + Int64(Self.portionRecords) - 1)
        let lastHash = try gather(nextSequence...end, of: first)
        if end == last {
            try write(gathered, lastHash: lastHash, to: index)
            gathered = SegmentPostings()
            segments += 1
        }
        nextSequence = end + 1
    }

    /// - Parameter first: the segment's first record.
    /// - Returns: the hash of the last of the records.
    private mutating func gather(_ sequences: ClosedRange<Int64>, of first: Int64) throws -> [UInt8] {
        var lastHash: [UInt8] = []
        try ledger.read { database in
            let rows = try Row.fetchCursor(
                database, sql: "SELECT seq, leaf, hash FROM record WHERE seq >= ? AND seq <= ? ORDER BY seq",
                arguments: [sequences.lowerBound, sequences.upperBound])
            while let row = try rows.next() {
                let place = Int(row[0] as Int64 - first)
                try row.withUnsafeData(atIndex: 1) { data in
                    data?.withUnsafeBytes { gathered.add($0, at: place) }
                }
                if row[0] == sequences.upperBound { lastHash = try row.bytes(2) ?? [] }
            }
        }
        return lastHash
    }

    private func write(_ postings: SegmentPostings, lastHash: [UInt8], to index: DatabaseQueue) throws {
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
