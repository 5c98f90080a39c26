internal import Attribution
import Foundation
internal import GRDB

/// A second count of the ledger, in a temporary database that SQLite keeps on disk: neither counters nor receipts of a long
/// ledger have to fit in memory.
final class Recount {
    private let scratch: DatabaseQueue
    private var counts = CounterAggregate()
    private(set) var adjustments: Int64 = 0
    private(set) var associations: Int64 = 0
    private(set) var spans: [SequenceSpan] = []

    init() throws {
        var configuration = Configuration()
        configuration.prepareDatabase { database in
            // What is lost in a crash is only this recount.
            try database.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        }
        // An empty name is a private file that vanishes with the connection.
        scratch = try DatabaseQueue(path: "", configuration: configuration)
        try LedgerSchema.migrator.migrate(scratch)
        try scratch.inDatabase { database in
            try database.execute(sql: "CREATE TABLE receipt (id BLOB PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID")
        }
    }

    /// Takes a portion of records, in one transaction of the temporary database.
    ///
    /// - Parameter records: those whose fields can be read, in the order of `seq`.
    /// - Parameter counts: false for records that the ledger's own tables do not have yet.
    func add(
        _ records: [(sequence: Int64, receipt: Receipt, counted: CountedRecord)],
        counting: Bool,
        report: inout VerifyReport
    ) throws {
        try scratch.write { database in
            for record in records {
                if let earlier = try note(record.receipt, of: record.sequence, database) {
                    report.add(.duplicate, record.sequence, "the receipt is that of record \(earlier)")
                }
                guard counting else { continue }
                let (key, day) = (record.counted.key, record.counted.time.day)
                try counts.prepare(campaign: key.campaign, on: day) { day in
                    try CounterTables(database: database).campaigns(on: day)
                }
                counts.fold(record.counted)
                noteSpan(record.sequence, time: record.counted.time)
            }
            try CounterTables(database: database).add(counts)
            adjustments += counts.adjustments
            associations += counts.associations
            counts.removeCounts()
            counts.trimCampaigns()
        }
    }

    /// The writer's rule, but for gaps, which are found elsewhere.
    private func noteSpan(_ sequence: Int64, time: Timestamp) {
        if let last = spans.last, sequence != last.last + 1 {
            spans.append(SequenceSpan(first: sequence, last: sequence, earliest: time, latest: time))
        } else {
            spans.note(sequence, time: time)
        }
    }

    /// - Returns: the record that has the receipt already.
    private func note(_ receipt: Receipt, of sequence: Int64, _ database: Database) throws -> Int64? {
        var id: [UInt8] = []
        withUnsafeBytes(of: receipt.high.bigEndian) { id += $0 }
        withUnsafeBytes(of: receipt.low.bigEndian) { id += $0 }
        let insert = try database.cachedStatement(sql: "INSERT OR IGNORE INTO receipt VALUES (?, ?)")
        let key = Data(id)
        try insert.execute(arguments: [key, sequence])
        guard database.changesCount == 0 else { return nil }
        return try Int64.fetchOne(database, sql: "SELECT seq FROM receipt WHERE id = ?", arguments: [key])
    }
}

// MARK: - Comparison

extension Recount {
    private static let tables: [(name: String, keys: [String])] = [
        (
            "counter",
            [
                "bucket", "route", "edition", "action", "origin", "campaign", "outcome", "reason", "partner", "client",
                "client_os",
            ]
        ),
        ("place_counter", ["day", "culture", "country"]),
    ]

    private static let tallies = CounterTally.columns.joined(separator: ", ")

    /// Compares the ledger's counters with the recount, each row on both sides.
    func compare(with ledger: Database, report: inout VerifyReport) throws {
        try scratch.read { recount in
            for table in Self.tables {
                try forEachDifference(table.name, keys: table.keys, from: ledger, to: recount) { key, counted, recounted in
                    let found = recounted.map { "a recount gives \($0)" } ?? "no record counts there"
                    report.add(.counter, nil, "\(table.name) \(key): it says \(counted), \(found)")
                }
                try forEachDifference(table.name, keys: table.keys, from: recount, to: ledger) { key, recounted, counted in
                    guard counted == nil else { return }
                    report.add(.counter, nil, "\(table.name) \(key): the row is missing, a recount gives \(recounted)")
                }
            }
        }
    }

    /// Calls `body` for each row of one side that the other does not have in the same way.
    private func forEachDifference(
        _ table: String,
        keys: [String],
        from left: Database,
        to right: Database,
        _ body: (_ key: String, _ left: [Int64], _ right: [Int64]?) -> Void
    ) throws {
        let rows = try Row.fetchCursor(left, sql: "SELECT \(keys.joined(separator: ", ")), \(Self.tallies) FROM \(table)")
        let condition = keys.map { $0 + " = ?" }.joined(separator: " AND ")
        let other = try right.cachedStatement(sql: "SELECT \(Self.tallies) FROM \(table) WHERE \(condition)")
        while let row = try rows.next() {
            let values = Array(row.databaseValues)
            let counted = Self.numbers(values.suffix(CounterTally.columns.count))
            let match = try Row.fetchOne(other, arguments: StatementArguments(values.prefix(keys.count)))
            let recounted = match.map { Self.numbers(Array($0.databaseValues)[...]) }
            if counted != recounted {
                let key = zip(keys, values).map { name, value in "\(name)=\(TerminalText.escaped(value.text))" }
                body(key.joined(separator: " "), counted, recounted)
            }
        }
    }

    private static func numbers(_ values: ArraySlice<DatabaseValue>) -> [Int64] {
        values.map { Int64.fromDatabaseValue($0) ?? 0 }
    }
}

extension DatabaseValue {
    fileprivate var text: String {
        switch storage {
        case .int64(let number): String(number)
        case .string(let text): text
        default: ""
        }
    }
}
