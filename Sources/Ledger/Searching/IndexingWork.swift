internal import Attribution
import Foundation
internal import GRDB
internal import Logging

/// What the indexer does, one portion after the other: some records of the next full segment, else the next day that is over.
struct IndexingWork {
    /// What it is at: who looks for records and for counts, each misses one of them when it fails.
    enum Part {
        case segments, days
    }

    /// What one portion brought.
    enum Done {
        /// Some records of the next segment; it is not written yet.
        case records
        case segment, day
        case nothingToDo
    }

    private let folder: String
    private let logger: Logger
    /// Its errors are ``LedgerError``s, the index's are GRDB's: only the index can be made anew.
    private let ledger: LedgerReader
    /// Opened, and made, once there is something to index.
    private var index: DatabaseQueue?
    private(set) var part = Part.segments
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

    init(folder: String, logger: Logger) throws {
        self.folder = folder
        self.logger = logger
        ledger = try LedgerReader.open(folder: folder)
    }

    /// A ledger of less than a segment is read through at once: it gets no index.
    ///
    /// - Throws: whatever keeps the index from growing. Another is to be made then: some records of a portion may have been
    ///   gathered, and none must be twice.
    mutating func doNext(now: Timestamp) throws -> Done {
        part = .segments
        lastSequence = try ledger.lastSequence()
        guard lastSequence >= SearchSegment.last(of: 0) else { return .nothingToDo }
        let index = try index ?? openIndex()
        self.index = index
        if lastSequence >= SearchSegment.last(of: segments) {
            return try indexRecords(in: index) ? .segment : .records
        }
        part = .days
        return try archiving.archiveNext(of: ledger, in: index, now: now) ? .day : .nothingToDo
    }

    /// Opens the index, anew if it is another ledger's.
    private mutating func openIndex() throws -> DatabaseQueue {
        var index = try SearchFile.openForWriting(folder: folder, logger)
        if let end = try index.read(IndexEnd.init), try !ledger.read(end.isOf) {
            try index.close()
            try SearchFile.remove(folder: folder, which: .isOfAnotherLedger, logger)
            index = try SearchFile.openForWriting(folder: folder, logger)
        }
        segments = try index.read { try SearchIndex.segments($0) }
        nextSequence = SearchSegment.first(of: segments)
        return index
    }

    /// Gathers the next records of the segment that is full, and writes it with the last of them.
    ///
    /// - Returns: whether it was written.
    private mutating func indexRecords(in index: DatabaseQueue) throws -> Bool {
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
        return end == last
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
