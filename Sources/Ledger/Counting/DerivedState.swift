internal import Attribution
internal import GRDB

/// All that is derived from the records since the derived tables were last written: counters, spans, visits seen.
///
/// It is written with a later commit, together with `counted_through`, so that tables and records never disagree: at every
/// `seq` the counts are the tables' plus those of the records behind `counted_through`.
struct DerivedState {
    /// So many records are counted in memory before the tables are written with the next commit: what a reader has to add by
    /// itself, and the start after a kill to read, which takes about 65 µs a record. Fewer would write the same counters oftener.
    static let maximumRecords: Int64 = 1_024
    /// The same for distinct counters, which bounds the memory.
    static let maximumCounters = 2_048

    private(set) var counts = CounterAggregate()
    private var spans: [SequenceSpan] = []
    private var fingerprints: [UInt64] = []
    /// The last record of the tables.
    private(set) var countedThrough: Int64
    /// The last record that was folded.
    private(set) var foldedThrough: Int64
    /// The visits of earlier visitor days are to be removed.
    private var forgetsVisits = false

    /// Begins where the tables end.
    ///
    /// - Throws: ``LedgerError/damagedRecord(file:sequence:)`` when the tables don't end at one place.
    init(_ database: Database) throws {
        countedThrough = try Self.countedThrough(database)
        foldedThrough = countedThrough
        let last = try SequenceSpan.last(database)
        guard last?.last ?? 0 == countedThrough else {
            throw LedgerError.damagedRecord(file: LedgerFile.name, sequence: countedThrough &+ 1)
        }
        if let last, !last.isFull { spans = [last] }
    }

    /// The last `seq` that the derived tables hold.
    static func countedThrough(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT counted_through FROM state") ?? 0
    }

    /// Adjustments among the records that the derived tables hold.
    static func adjustments(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT adjustments FROM state") ?? 0
    }

    /// Associations among the records that the derived tables hold.
    static func associations(_ database: Database) throws -> Int64 {
        try Int64.fetchOne(database, sql: "SELECT associations FROM state") ?? 0
    }

    var isDue: Bool {
        foldedThrough - countedThrough >= Self.maximumRecords || counts.tallies.count >= Self.maximumCounters
    }

    var isPending: Bool { foldedThrough > countedThrough || forgetsVisits }

    mutating func prepare(campaign: String?, on day: CalendarDay, database: Database) throws {
        try counts.prepare(campaign: campaign, on: day) { try CounterTables(database: database).campaigns(on: $0) }
    }

    /// - Parameter newVisit: the fingerprint, when the record is a visit that is remembered from now on.
    mutating func fold(_ record: CountedRecord, sequence: Int64, newVisit: UInt64?) {
        precondition(sequence == foldedThrough + 1)
        counts.fold(record)
        spans.note(sequence, time: record.time)
        if let newVisit { fingerprints.append(newVisit) }
        foldedThrough = sequence
    }

    /// Lets go of what only records of days long gone would need. Only when all prepared records are folded.
    mutating func trim() { counts.trimCampaigns() }

    /// A new visitor day began: what was seen before is of no use.
    mutating func forgetVisits() {
        fingerprints.removeAll()
        forgetsVisits = true
    }

    /// Writes the tables within a transaction. ``markWritten()`` follows when it is committed.
    func write(to database: Database) throws {
        try CounterTables(database: database).add(counts)
        for span in spans { try span.write(to: database) }
        if forgetsVisits { try database.execute(sql: "DELETE FROM seen_visit") }
        if !fingerprints.isEmpty { try SeenVisits.write(fingerprints, through: foldedThrough, to: database) }
        try database.cachedStatement(
            sql: "UPDATE state SET counted_through = ?, adjustments = adjustments + ?, associations = associations + ?"
        ).execute(arguments: [foldedThrough, counts.adjustments, counts.associations])
    }

    mutating func markWritten() {
        counts.removeCounts()
        spans = spans.last.map { $0.isFull ? [] : [$0] } ?? []
        fingerprints.removeAll(keepingCapacity: true)
        forgetsVisits = false
        countedThrough = foldedThrough
    }
}

extension SequenceSpan {
    static func last(_ database: Database) throws -> SequenceSpan? {
        try Row.fetchOne(database, sql: "SELECT * FROM span ORDER BY first_seq DESC LIMIT 1").map(SequenceSpan.init)
    }

    init(_ row: Row) {
        self.init(
            first: row["first_seq"],
            last: row["last_seq"],
            earliest: Timestamp(microseconds: row["earliest"]),
            latest: Timestamp(microseconds: row["latest"])
        )
    }

    func write(to database: Database) throws {
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO span VALUES (?, ?, ?, ?)")
            .execute(arguments: [first, last, earliest.microseconds, latest.microseconds])
    }
}
