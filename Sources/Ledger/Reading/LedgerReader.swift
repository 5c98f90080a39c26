package import Attribution
import Foundation
internal import GRDB
internal import GRDBSQLite

/// Reads a ledger over a connection of its own, while a server writes it, in this process or another, or while none runs.
///
/// Every read is short: a read that lasts keeps the write-ahead log from being started anew, and it would grow.
package final class LedgerReader: Sendable {
    /// Records that are looked at in one read at most.
    static let pageRecords: Int64 = 10_000
    /// Records that are taken out of one read at most, which bounds the memory.
    static let pageMatches = 500

    let queue: DatabaseQueue
    /// The path of `ledger.db`.
    package let path: String

    private init(queue: DatabaseQueue, path: String) {
        self.queue = queue
        self.path = path
    }

    /// - Throws: ``LedgerError``: there is no ledger, it is none of ours, or of another version.
    package static func open(folder: String) throws -> LedgerReader {
        LedgerReader(queue: try LedgerFile.openForReading(folder: folder), path: LedgerFile.path(in: folder))
    }

    /// The last record; 0 when the ledger is empty.
    package func lastSequence() throws -> Int64 {
        try read { try Self.lastSequence($0) }
    }

    static func lastSequence(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT max(seq) FROM record") ?? 0
    }

    func read<Value>(_ work: (Database) throws -> Value) throws -> Value {
        try LedgerFile.translatingErrors(path) { try queue.read(work) }
    }

    /// The record of a receipt; nil when there is none.
    package func record(receipt: Receipt) throws -> StoredRecord? {
        var filter = RecordFilter()
        filter.receipt = receipt
        var found: StoredRecord?
        try forEachRecord(matching: filter) { stored, _ in
            found = stored
            return false
        }
        return found
    }

    /// The last records that fit, in the order of `seq`.
    package func lastRecords(_ count: Int, matching filter: RecordFilter) throws -> [StoredRecord] {
        var records: [StoredRecord] = []
        try forEachRecord(matching: filter, newestFirst: true) { stored, _ in
            if records.count < count { records.append(stored) }
            return records.count < count
        }
        return records.reversed()
    }

    /// Calls `body` for each record that fits, in the order of `seq` or against it, and for each that is too damaged to tell.
    ///
    /// - Parameters:
    ///   - after: only records behind this place.
    ///   - body: gets the record's fields as well, nil when they cannot be read; returns whether to go on. No read is open
    ///     while it runs.
    /// - Returns: the last place that was looked at: what to go on behind.
    @discardableResult
    package func forEachRecord(
        matching filter: RecordFilter,
        after: Int64 = 0,
        newestFirst: Bool = false,
        _ body: (StoredRecord, Attribution.Record?) throws -> Bool
    ) throws -> Int64 {
        let (stretches, last) = try stretches(for: filter, after: after)
        let scan = LeafScan(filter)
        for stretch in newestFirst ? stretches.reversed() : stretches {
            var rest = stretch
            while !rest.isEmpty {
                let page = try page(of: rest, newestFirst: newestFirst, scan: scan)
                for stored in page.records {
                    let record = stored.record
                    if let record, !filter.matches(record) { continue }
                    guard try body(stored, record) else { return stored.sequence }
                }
                rest = page.rest
            }
        }
        return last
    }
}

// MARK: - Pages

extension LedgerReader {
    private struct Page {
        var records: [StoredRecord] = []
        var rest: Range<Int64>
    }

    /// The stretches of `seq` that can hold fitting records, and the last place of the ledger.
    private func stretches(for filter: RecordFilter, after: Int64) throws -> (stretches: [Range<Int64>], last: Int64) {
        try read { database in
            let last = try max(after, Self.lastSequence(database))
            let (since, until) = filter.timeRange
            guard since != nil || until != nil else { return ([after + 1..<last + 1], last) }
            let spans = try Row.fetchAll(
                database,
                sql: """
                    SELECT first_seq, last_seq FROM span
                    WHERE last_seq > ? AND latest >= ? AND earliest < ? ORDER BY first_seq
                    """,
                arguments: [after, since?.microseconds ?? .min, until?.microseconds ?? .max]
            )
            var stretches = spans.map { max($0[0] as Int64, after + 1)..<($0[1] as Int64) + 1 }
            // Records behind the spans have to be looked at in any case.
            let tail = try max(after, DerivedState.countedThrough(database)) + 1
            if tail <= last { stretches.append(tail..<last + 1) }
            return (stretches, last)
        }
    }

    /// One short read of the rest of a stretch, from its beginning or from its end.
    private func page(of rest: Range<Int64>, newestFirst: Bool, scan: LeafScan) throws -> Page {
        let looked =
            newestFirst
            ? max(rest.lowerBound, rest.upperBound - Self.pageRecords)..<rest.upperBound
            : rest.lowerBound..<min(rest.upperBound, rest.lowerBound + Self.pageRecords)
        return try read { database in
            var page = Page(rest: newestFirst ? rest.lowerBound..<looked.lowerBound : looked.upperBound..<rest.upperBound)
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT \(StoredRecord.columns) FROM record WHERE seq >= ? AND seq < ?
                    ORDER BY seq \(newestFirst ? "DESC" : "ASC")
                    """,
                arguments: [looked.lowerBound, looked.upperBound]
            )
            while let row = try rows.next() {
                guard try row.withUnsafeData(atIndex: 1, { $0?.withUnsafeBytes(scan.mayMatch) ?? true }) else { continue }
                let stored = try StoredRecord(row)
                page.records.append(stored)
                if page.records.count >= Self.pageMatches {
                    page.rest =
                        newestFirst ? rest.lowerBound..<stored.sequence : stored.sequence + 1..<rest.upperBound
                    break
                }
            }
            return page
        }
    }
}
