internal import Attribution
import Foundation
internal import GRDB
internal import NIOConcurrencyHelpers

/// Looks records up in `search.db`, segment by segment.
struct SearchIndex {
    private let queue: DatabaseQueue
    /// Of this file's values: they get more and never others.
    private let numbers = NIOLockedValueBox(ValueNumbers())

    /// - Returns: nil when there is no index, or it is one of another ledger: a backup was restored, say.
    init?(folder: String, ledger: Database) throws {
        guard let queue = SearchFile.openForReading(folder: folder) else { return nil }
        guard try queue.read({ try Self.fits($0, ledger) }) else { return nil }
        self.queue = queue
    }

    /// Whether the index was made from this ledger: its last segment ends with the ledger's record of that place.
    static func fits(_ index: Database, _ ledger: Database) throws -> Bool {
        guard let row = try Row.fetchOne(index, sql: "SELECT number, last_hash FROM segment ORDER BY number DESC LIMIT 1") else {
            return true
        }
        let hash = try Row.fetchOne(
            ledger, sql: "SELECT hash FROM record WHERE seq = ?", arguments: [SearchSegment.last(of: row[0])]
        ).map { try $0.bytes(0) }
        return try hash == row.bytes(1)
    }

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
