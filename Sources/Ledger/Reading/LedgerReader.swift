package import Attribution
import Foundation
internal import GRDB
internal import GRDBSQLite

/// Reads a ledger over a connection of its own, while a server writes it, in this process or another, or while none runs.
///
/// Every read is short: a read that lasts keeps the write-ahead log from being started anew, and it would grow.
package final class LedgerReader: Sendable {
    /// Records that are looked at in one read at most.
    static let pageRecords = 10_000
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
            var rest: Stretch? = stretch
            while let current = rest {
                let page = try page(of: current, newestFirst: newestFirst, scan: scan)
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
    /// Places of the ledger, some of which may be empty in a damaged one: reading goes from record to record, never from
    /// place to place.
    private struct Stretch {
        /// The place before the first.
        var behind: Int64
        /// The last.
        var through: Int64
    }

    private struct Page {
        var records: [StoredRecord] = []
        /// nil when the stretch has been read to its end.
        var rest: Stretch?
    }

    /// The stretches of `seq` that can hold fitting records, and the last place of the ledger.
    private func stretches(for filter: RecordFilter, after: Int64) throws -> (stretches: [Stretch], last: Int64) {
        try read { database in
            let last = try max(after, Self.lastSequence(database))
            let (since, until) = filter.timeRange
            guard since != nil || until != nil else { return ([Stretch(behind: after, through: last)], last) }
            let spans = try Row.fetchAll(
                database,
                sql: """
                    SELECT first_seq, last_seq FROM span
                    WHERE last_seq > ? AND latest >= ? AND earliest < ? ORDER BY first_seq
                    """,
                arguments: [after, since?.microseconds ?? .min, until?.microseconds ?? .max]
            )
            var stretches = spans.map { Stretch(behind: max(max($0[0] as Int64, 1) - 1, after), through: $0[1]) }
            // Records behind the spans have to be looked at in any case.
            stretches.append(Stretch(behind: try max(after, DerivedState.countedThrough(database)), through: last))
            return (stretches, last)
        }
    }

    /// One short read of a stretch, from its beginning or from its end.
    private func page(of stretch: Stretch, newestFirst: Bool, scan: LeafScan) throws -> Page {
        try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT \(StoredRecord.columns) FROM record WHERE seq > ? AND seq <= ?
                    ORDER BY seq \(newestFirst ? "DESC" : "ASC") LIMIT ?
                    """,
                arguments: [stretch.behind, stretch.through, Self.pageRecords]
            )
            var page = Page()
            var looked = 0
            while let row = try rows.next() {
                looked += 1
                let sequence = row[0] as Int64
                if try row.withUnsafeData(atIndex: 1, { $0?.withUnsafeBytes(scan.mayMatch) ?? true }) {
                    page.records.append(try StoredRecord(row))
                }
                if looked == Self.pageRecords || page.records.count == Self.pageMatches {
                    page.rest =
                        newestFirst
                        ? Stretch(behind: stretch.behind, through: sequence - 1)
                        : Stretch(behind: sequence, through: stretch.through)
                    break
                }
            }
            return page
        }
    }
}
