internal import Attribution
import Foundation
internal import GRDB
internal import NIOConcurrencyHelpers

/// Looks records up in `search.db`, segment by segment.
struct SearchIndex {
    private let queue: DatabaseQueue
    private let path: String
    private let file: FileIdentity?
    /// Of this file's values: they get more and never others.
    private let numbers = NIOLockedValueBox(ValueNumbers())

    /// - Returns: nil when there is no index, or it is one of another ledger: a backup was restored, say.
    init?(folder: String, ledger: Database) throws {
        path = SearchFile.path(in: folder)
        // Before it is opened: should it be replaced in between, it is taken for replaced.
        file = FileIdentity(of: path)
        guard let queue = SearchFile.openForReading(folder: folder) else { return nil }
        guard try queue.read(IndexEnd.init)?.isOf(ledger) ?? true else { return nil }
        self.queue = queue
    }

    /// Whether it was removed, and perhaps made anew, since it was opened: what is open is a file that nobody adds to.
    var isReplaced: Bool { FileIdentity(of: path) != file }

    func read<Value>(_ work: (Database) throws -> Value) throws -> Value { try queue.read(work) }

    func interrupt() { queue.interrupt() }

    /// The same for counts, with the numbers of the archive's values.
    func readArchive<Value>(_ work: (Database, ValueNumbers) throws -> Value) throws -> Value {
        try read { archive in
            var known = numbers.withLockedValue { $0 }
            for column in CountColumn.values { try known.prepare(column, archive) }
            numbers.withLockedValue { $0 = known }
            return try work(archive, known)
        }
    }

    /// How many segments are indexed: all before this number.
    func segments() throws -> Int64 {
        try queue.read { try Self.segments($0) }
    }

    static func segments(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT max(number) + 1 FROM segment") ?? 0
    }

    /// The places of a segment's records that have all the terms. Not every one of them has to fit the filter: IDs that were
    /// claimed and those that decided are not told apart.
    func places(of terms: [SearchTerm], in segment: Int64) throws -> PlaceSet {
        try queue.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT places FROM posting WHERE segment = ? AND field = ? AND value = ?")
            var found: PlaceSet?
            for term in terms {
                let row = try Row.fetchOne(statement, arguments: [segment, term.field.rawValue, term.value])
                guard
                    let places = try row?.withUnsafeData(
                        atIndex: 0,
                        { data in
                            data.flatMap { $0.withUnsafeBytes { PlaceSet(stored: $0) } }
                        })
                else { return PlaceSet() }
                if found == nil { found = places } else { found?.formIntersection(places) }
                if found?.isEmpty == true { break }
            }
            return found ?? PlaceSet()
        }
    }
}

/// The record that an index ends with.
struct IndexEnd {
    private let sequence: Int64
    private let hash: [UInt8]?

    /// nil: no segment is indexed.
    init?(_ index: Database) throws {
        guard let row = try Row.fetchOne(index, sql: "SELECT number, last_hash FROM segment ORDER BY number DESC LIMIT 1") else {
            return nil
        }
        sequence = SearchSegment.last(of: row[0])
        hash = try row.bytes(1)
    }

    /// Whether the index was made from this ledger.
    func isOf(_ ledger: Database) throws -> Bool {
        let row = try Row.fetchOne(ledger, sql: "SELECT hash FROM record WHERE seq = ?", arguments: [sequence])
        return try row?.bytes(0) == hash
    }
}
