internal import Attribution
internal import GRDB

extension LedgerReader {
    /// Counts as of one moment: what the counters have, and a recount of the records that they do not have yet.
    ///
    /// - Throws: ``CountQueryError/offQuarterHours(zone:day:)`` when a period of the zone begins within a quarter hour that has
    ///   counts, ``LedgerError``.
    package func counts(_ query: CountQuery) throws -> CountTable {
        var folding = CountFolding(query)
        try read { database in
            try query.readsPlaces ? folding.addPlaces(database) : folding.addCounters(database)
            let tail = try recountTail(database)
            for (key, tally) in tail.tallies where !query.readsPlaces { try folding.add(key, tally) }
            for (key, tally) in tail.places where query.readsPlaces { try folding.add(key, tally) }
        }
        return CountTable(dimensions: query.dimensions, tallies: folding.tallies, periodStarts: folding.periodStarts)
    }

    /// The counts of the records behind `counted_through`.
    func recountTail(_ database: Database) throws -> CounterAggregate {
        var aggregate = CounterAggregate()
        let tail = try StoredRecord.fetchCursor(database, after: DerivedState.countedThrough(database))
        while let stored = try tail.next() {
            guard let record = stored.record, let counted = CountedRecord(record, partnerIsListed: stored.partnerIsListed)
            else { throw LedgerError.damagedRecord(file: path, sequence: stored.sequence) }
            try aggregate.prepare(campaign: counted.key.campaign, on: counted.time.day) { day in
                try CounterTables(database: database).campaigns(on: day)
            }
            aggregate.fold(counted)
        }
        return aggregate
    }
}

/// Adds counters up by the dimensions that were asked for.
private struct CountFolding {
    private let query: CountQuery
    private let hasPeriods: Bool
    private var labels: [QuarterHour: [String]] = [:]
    private(set) var tallies: [[String]: CounterTally] = [:]
    /// The earliest quarter hour of each period that was met.
    private(set) var periodStarts: [String: QuarterHour] = [:]

    init(_ query: CountQuery) {
        self.query = query
        hasPeriods = query.dimensions.contains(where: \.isPeriod)
    }

    /// SQLite adds up what it can; only the quarter hours are kept apart, when periods are asked for.
    mutating func addCounters(_ database: Database) throws {
        let columns = query.dimensions.filter { !$0.isPeriod }.map(\.rawValue)
        try add(database, table: "counter", time: "bucket", columns: columns, bucketsPerUnit: 1)
    }

    mutating func addPlaces(_ database: Database) throws {
        let columns = query.dimensions.filter(\.isPlace).map(\.rawValue)
        try add(database, table: "place_counter", time: "day", columns: columns, bucketsPerUnit: QuarterHour.perDay)
    }

    private mutating func add(
        _ database: Database,
        table: String,
        time: String,
        columns: [String],
        bucketsPerUnit: Int64
    ) throws {
        let groups = (hasPeriods ? [time] : []) + columns
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT sum(requests), sum(visits), sum(unique_visits), sum(attributed), \
                \(hasPeriods ? time : "0")\(columns.map { ", " + $0 }.joined())
                FROM \(table) WHERE \(time) >= ? AND \(time) < ?
                \(groups.isEmpty ? "HAVING count(*) > 0" : "GROUP BY " + groups.joined(separator: ", "))
                """,
            arguments: [
                query.since.map { $0.number / bucketsPerUnit } ?? .min,
                query.until.map { $0.number / bucketsPerUnit } ?? .max,
            ]
        )
        while let row = try rows.next() {
            let tally = CounterTally(requests: row[0], visits: row[1], unique: row[2], attributed: row[3])
            let bucket = QuarterHour(number: (row[4] as Int64) * bucketsPerUnit)
            let texts = (0..<columns.count).map { row[5 + $0] as String }
            try add(texts, bucket: bucket, tally)
        }
    }

    mutating func add(_ key: CounterKey, _ tally: CounterTally) throws(CountQueryError) {
        guard isWanted(key.bucket) else { return }
        let texts = query.dimensions.filter { !$0.isPeriod }.map { key.text(of: $0) }
        try add(texts, bucket: key.bucket, tally)
    }

    mutating func add(_ key: PlaceKey, _ tally: CounterTally) throws(CountQueryError) {
        let bucket = QuarterHour(containing: key.day.start)
        guard isWanted(bucket) else { return }
        let texts = query.dimensions.filter(\.isPlace).map { $0 == .culture ? key.culture : key.country }
        try add(texts, bucket: bucket, tally)
    }

    private func isWanted(_ bucket: QuarterHour) -> Bool {
        (query.since.map { bucket >= $0 } ?? true) && (query.until.map { bucket < $0 } ?? true)
    }

    /// - Parameter texts: the values of the dimensions that are no periods, in the order of the query.
    private mutating func add(_ texts: [String], bucket: QuarterHour, _ tally: CounterTally) throws(CountQueryError) {
        var texts = texts.makeIterator()
        var periods = hasPeriods ? try labels(of: bucket).makeIterator() : [].makeIterator()
        let values = query.dimensions.map { ($0.isPeriod ? periods.next() : texts.next()) ?? "" }
        tallies[values, default: CounterTally()] += tally
    }

    /// The periods that the query asks for, in its order. Time zones are slow to ask.
    private mutating func labels(of bucket: QuarterHour) throws(CountQueryError) -> [String] {
        if let known = labels[bucket] { return known }
        try query.periods.requireQuarterHours(at: bucket)
        let made = query.dimensions.filter(\.isPeriod).map { query.periods.label($0, of: bucket) }
        labels[bucket] = made
        for label in made { periodStarts[label] = min(periodStarts[label] ?? bucket, bucket) }
        return made
    }
}

extension CounterKey {
    /// The value in a dimension that is neither a period nor a place; empty for none.
    fileprivate func text(of dimension: CountDimension) -> String {
        switch dimension {
        case .route: route
        case .edition: edition?.rawValue ?? ""
        case .action: action?.rawValue ?? ""
        case .origin: origin
        case .campaign: campaign
        case .outcome: outcome.rawValue
        case .reason: reason?.rawValue ?? ""
        case .partner: partner?.description ?? ""
        case .client: client.rawValue
        case .clientOS: clientOS?.rawValue ?? ""
        case .hour, .day, .week, .month, .culture, .country: preconditionFailure("no counter has \(dimension)")
        }
    }
}
