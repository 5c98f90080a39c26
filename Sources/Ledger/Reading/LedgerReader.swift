package import Attribution
import Foundation
internal import GRDB
internal import NIOConcurrencyHelpers

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
    private let folder: String
    private let index = NIOLockedValueBox<SearchIndex?>(nil)
    private let isInterrupted = NIOLockedValueBox(false)

    private init(queue: DatabaseQueue, folder: String) {
        self.queue = queue
        self.folder = folder
        path = LedgerFile.path(in: folder)
    }

    /// The ledger's file in a data folder.
    package static let fileName = LedgerFile.name

    /// - Throws: ``LedgerError``: there is no ledger, it is none of ours, or of another version.
    package static func open(folder: String) throws -> LedgerReader {
        LedgerReader(queue: try LedgerFile.openForReading(folder: folder), folder: folder)
    }

    /// The last record; 0 when the ledger is empty.
    package func lastSequence() throws -> Int64 {
        try read { try Self.lastSequence($0) }
    }

    static func lastSequence(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT max(seq) FROM record") ?? 0
    }

    func read<Value>(_ work: (Database) throws -> Value) throws -> Value {
        if isInterrupted.withLockedValue({ $0 }) { throw Interrupted() }
        return try LedgerFile.translatingErrors(path) { try queue.read(work) }
    }

    /// The reader was told to end.
    package struct Interrupted: Error {}

    /// Ends whatever is being read, from another thread: it fails, and so does all that is asked later.
    package func interrupt() {
        isInterrupted.withLockedValue { $0 = true }
        queue.interrupt()
        index.withLockedValue { $0 }?.interrupt()
    }

    /// The index beside the ledger, if there is one that fits it. Without it everything is found as well, by reading through.
    func searchIndex() -> SearchIndex? {
        if let index = index.withLockedValue({ $0 }), !index.isReplaced { return index }
        let opened = try? read { try SearchIndex(folder: folder, ledger: $0) }
        index.withLockedValue { $0 = opened ?? nil }
        return opened ?? nil
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

    /// The adjustments of a sign-up, in the order in which they were made: the last one holds.
    package func adjustments(of signup: Receipt) throws -> [StoredRecord] {
        var filter = RecordFilter()
        filter.adjusts = signup
        // None can lie before the sign-up itself.
        let first = try record(receipt: signup)?.sequence ?? 0
        var found: [StoredRecord] = []
        try forEachRecord(matching: filter, after: first) { stored, _ in
            found.append(stored)
            return true
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
    ///   - before: only records before this place.
    ///   - body: gets the record's fields as well, nil when they cannot be read; returns whether to go on. No read is open
    ///     while it runs.
    /// - Returns: the last place that was looked at: what to go on behind.
    @discardableResult
    package func forEachRecord(
        matching filter: RecordFilter,
        after: Int64 = 0,
        before: Int64 = .max,
        newestFirst: Bool = false,
        _ body: (StoredRecord, Attribution.Record?) throws -> Bool
    ) throws -> Int64 {
        try forEachCandidate(matching: filter, after: after, before: before, newestFirst: newestFirst) { stored in
            let record = stored.record
            if let record, !filter.matches(record) { return true }
            return try body(stored, record)
        }
    }

    /// The same for records as they are stored: where everything fits, nothing has to be read as JSON.
    ///
    /// - Parameter body: gets records that fit, and those that are too damaged to tell; returns whether to go on.
    @discardableResult
    package func forEachStored(
        matching filter: RecordFilter,
        after: Int64 = 0,
        before: Int64 = .max,
        _ body: (StoredRecord) throws -> Bool
    ) throws -> Int64 {
        let fitsAll = filter == RecordFilter()
        return try forEachCandidate(matching: filter, after: after, before: before, newestFirst: false) { stored in
            if !fitsAll, let record = stored.record, !filter.matches(record) { return true }
            return try body(stored)
        }
    }

    /// Calls `body` for each record that may fit.
    private func forEachCandidate(
        matching filter: RecordFilter,
        after: Int64,
        before: Int64,
        newestFirst: Bool,
        _ body: (StoredRecord) throws -> Bool
    ) throws -> Int64 {
        let (stretches, last) = try stretches(for: filter, after: after, before: before)
        let search = RecordSearch(filter, newestFirst: newestFirst, index: searchIndex)
        for stretch in newestFirst ? stretches.reversed() : stretches {
            var rest = stretch.isEmpty ? nil : Optional(stretch)
            while let current = rest {
                let page = try search.page(of: current) { work in try read(work) }
                for stored in page.records {
                    guard try body(stored) else { return stored.sequence }
                }
                rest = page.rest
            }
        }
        return last
    }
}

// MARK: - Stretches

extension LedgerReader {
    /// The stretches of `seq` that can hold fitting records, and the last place of the ledger.
    private func stretches(
        for filter: RecordFilter, after: Int64, before: Int64
    ) throws -> (stretches: [RecordSearch.Stretch], last: Int64) {
        try read { database in
            let last = try max(after, Self.lastSequence(database))
            let end = min(last, before == .max ? last : max(before, 1) - 1)
            let (since, until) = filter.timeRange
            guard since != nil || until != nil else { return ([RecordSearch.Stretch(behind: after, through: end)], last) }
            let spans = try Row.fetchAll(
                database,
                sql: """
                    SELECT first_seq, last_seq FROM span
                    WHERE last_seq > ? AND first_seq <= ? AND latest >= ? AND earliest < ? ORDER BY first_seq
                    """,
                arguments: [after, end, since?.microseconds ?? .min, until?.microseconds ?? .max]
            )
            var stretches = spans.map {
                RecordSearch.Stretch(behind: max(max($0[0] as Int64, 1) - 1, after), through: min($0[1], end))
            }
            // Records behind the spans have to be looked at in any case.
            stretches.append(
                RecordSearch.Stretch(behind: try max(after, DerivedState.countedThrough(database)), through: end))
            return (RecordSearch.Stretch.joined(stretches), last)
        }
    }
}
