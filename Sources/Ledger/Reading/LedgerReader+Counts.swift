internal import Attribution
internal import GRDB

extension LedgerReader {
    /// Counts as of one moment: what the counters have, and a recount of the records that they do not have yet.
    ///
    /// - Throws: ``CountQueryError/offQuarterHours(zone:day:)`` when a period of the zone begins within a quarter hour that has
    ///   counts, ``LedgerError``.
    package func counts(_ query: CountQuery) throws -> CountTable {
        // An index that can't be read is as good as none.
        if !query.readsPlaces, let index = searchIndex(), let table = try? counts(query, index) { return table }
        return try counts(query, nil)
    }

    private func counts(_ query: CountQuery, _ index: SearchIndex?) throws -> CountTable {
        var folding = CountFolding(query)
        var hasAdjustments = false
        try read { database in
            if query.readsPlaces {
                try folding.addPlaces(database)
            } else if let index {
                try index.read { try folding.addCounters(database, archive: $0) }
            } else {
                try folding.addCounters(database, in: [query.range])
            }
            let tail = try recountTail(database)
            hasAdjustments = try tail.adjustments + DerivedState.adjustments(database) > 0
            for (key, tally) in tail.tallies where !query.readsPlaces { try folding.add(key, tally) }
            for (key, tally) in tail.places where query.readsPlaces { try folding.add(key, tally) }
        }
        return CountTable(
            dimensions: query.dimensions, tallies: folding.tallies, periodStarts: folding.periodStarts,
            hasAdjustments: hasAdjustments)
    }

    /// Whether a record was ever adjusted. What shows adjustments has columns for them from then on.
    package func hasAdjustments() throws -> Bool {
        try read { try recountTail($0).adjustments + DerivedState.adjustments($0) > 0 }
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

    /// Days that are kept by columns are added up from those, the others from the table of counters.
    mutating func addCounters(_ database: Database, archive: Database) throws {
        guard var archived = try ArchivedCounts(query, archive) else { return try addCounters(database, in: [query.range]) }
        let range = query.range
        let days = try ArchivedDays(
            archive, ledger: database, from: query.since?.day, through: query.until?.day
        ).days.filter { range.overlaps($0.quarterHours) }.sorted()
        for day in days { try archived.add(day) { try labels(of: $0) } }
        try archived.forEach { periods, texts, tally in add(texts, periods: periods, tally) }
        try addCounters(database, in: range.subtracting(days))
    }

    /// SQLite adds up what it can; only the quarter hours are kept apart, when periods are asked for.
    mutating func addCounters(_ database: Database, in ranges: [Range<Int64>]) throws {
        let columns = query.dimensions.filter { !$0.isPeriod }.map(\.rawValue)
        for range in ranges {
            try add(database, table: "counter", time: "bucket", columns: columns, range: range, bucketsPerUnit: 1)
        }
    }

    mutating func addPlaces(_ database: Database) throws {
        let columns = query.dimensions.filter(\.isPlace).map(\.rawValue)
        let days = query.range.days
        try add(
            database, table: "place_counter", time: "day", columns: columns, range: days, bucketsPerUnit: QuarterHour.perDay)
    }

    private mutating func add(
        _ database: Database,
        table: String,
        time: String,
        columns: [String],
        range: Range<Int64>,
        bucketsPerUnit: Int64
    ) throws {
        let groups = (hasPeriods ? [time] : []) + columns
        let filters = query.filters.map { " AND \($0.dimension.rawValue) = ?" }.joined()
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT \(CounterTally.columns.map { "sum(\($0))" }.joined(separator: ", ")), \
                \(hasPeriods ? time : "0")\(columns.map { ", " + $0 }.joined())
                FROM \(table) WHERE \(time) >= ? AND \(time) < ?\(filters)
                \(groups.isEmpty ? "HAVING count(*) > 0" : "GROUP BY " + groups.joined(separator: ", "))
                """,
            arguments: [range.lowerBound, range.upperBound] + StatementArguments(query.filters.map(\.value))
        )
        while let row = try rows.next() {
            let place = CounterTally.columns.count
            let bucket = QuarterHour(number: (row[place] as Int64) * bucketsPerUnit)
            let texts = (0..<columns.count).map { row[place + 1 + $0] as String }
            try add(texts, bucket: bucket, CounterTally(row))
        }
    }

    mutating func add(_ key: CounterKey, _ tally: CounterTally) throws(CountQueryError) {
        guard isWanted(key.bucket), query.filters.allSatisfy({ key.text(of: $0.dimension) == $0.value }) else { return }
        let texts = query.dimensions.filter { !$0.isPeriod }.map { key.text(of: $0) }
        try add(texts, bucket: key.bucket, tally)
    }

    mutating func add(_ key: PlaceKey, _ tally: CounterTally) throws(CountQueryError) {
        let bucket = QuarterHour(containing: key.day.start)
        guard isWanted(bucket) else { return }
        let texts = query.dimensions.filter(\.isPlace).map { $0 == .culture ? key.culture : key.country }
        try add(texts, bucket: bucket, tally)
    }

    private func isWanted(_ bucket: QuarterHour) -> Bool { query.range.contains(bucket.number) }

    /// - Parameter texts: the values of the dimensions that are no periods, in the order of the query.
    private mutating func add(_ texts: [String], bucket: QuarterHour, _ tally: CounterTally) throws(CountQueryError) {
        add(texts, periods: hasPeriods ? try labels(of: bucket) : [], tally)
    }

    private mutating func add(_ texts: [String], periods: [String], _ tally: CounterTally) {
        var texts = texts.makeIterator()
        var periods = periods.makeIterator()
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

extension CountQuery {
    /// The quarter hours that count.
    fileprivate var range: Range<Int64> {
        let first = since?.number ?? .min
        return first..<max(first, until?.number ?? .max)
    }
}

extension CalendarDay {
    fileprivate var quarterHours: Range<Int64> {
        let first = QuarterHour(containing: start).number
        return first..<first + QuarterHour.perDay
    }
}

extension Range<Int64> {
    /// The UTC days of quarter hours that begin and end with days.
    fileprivate var days: Range<Int64> {
        let first = lowerBound == .min ? .min : lowerBound / QuarterHour.perDay
        return first..<Swift.max(first, upperBound == .max ? .max : upperBound / QuarterHour.perDay)
    }

    /// What is left without some days, which are ascending.
    fileprivate func subtracting(_ days: [CalendarDay]) -> [Range<Int64>] {
        var rest: [Range<Int64>] = []
        var start = lowerBound
        for day in days.map(\.quarterHours) {
            if day.lowerBound > start { rest.append(start..<day.lowerBound) }
            start = Swift.max(start, day.upperBound)
        }
        if start < upperBound { rest.append(start..<upperBound) }
        return rest
    }
}
