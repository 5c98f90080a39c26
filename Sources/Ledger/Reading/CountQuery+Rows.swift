internal import Attribution
internal import GRDB

/// What of the counters a question is about.
extension CountQuery {
    /// The quarter hours that count.
    var range: Range<Int64> {
        let first = since?.number ?? .min
        return first..<max(first, until?.number ?? .max)
    }

    /// Counters of some quarter hours, added up by SQLite as far as it can: only the quarter hours are kept apart, when periods are
    /// asked for.
    ///
    /// - Parameter body: gets the values of the dimensions that are no periods, in the order of the query.
    func forEachCounter(
        _ database: Database, in ranges: [Range<Int64>],
        _ body: (_ texts: [String], _ bucket: QuarterHour, _ tally: CounterTally) throws -> Void
    ) throws {
        let columns = dimensions.filter { !$0.isPeriod }.map(\.rawValue)
        for range in ranges {
            try forEachRow(database, table: "counter", time: "bucket", columns, range, bucketsPerUnit: 1, body)
        }
    }

    /// The same by culture and country.
    func forEachPlace(
        _ database: Database, _ body: (_ texts: [String], _ bucket: QuarterHour, _ tally: CounterTally) throws -> Void
    ) throws {
        let columns = dimensions.filter(\.isPlace).map(\.rawValue)
        try forEachRow(
            database, table: "place_counter", time: "day", columns, range.days, bucketsPerUnit: QuarterHour.perDay, body)
    }

    private func forEachRow(
        _ database: Database,
        table: String,
        time: String,
        _ columns: [String],
        _ range: Range<Int64>,
        bucketsPerUnit: Int64,
        _ body: ([String], QuarterHour, CounterTally) throws -> Void
    ) throws {
        let hasPeriods = dimensions.contains(where: \.isPeriod)
        let groups = (hasPeriods ? [time] : []) + columns
        let filters = filters.map { " AND \($0.dimension.rawValue) = ?" }.joined()
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT \(CounterTally.columns.map { "sum(\($0))" }.joined(separator: ", ")), \
                \(hasPeriods ? time : "0")\(columns.map { ", " + $0 }.joined())
                FROM \(table) WHERE \(time) >= ? AND \(time) < ?\(filters)
                \(groups.isEmpty ? "HAVING count(*) > 0" : "GROUP BY " + groups.joined(separator: ", "))
                """,
            arguments: [range.lowerBound, range.upperBound] + StatementArguments(self.filters.map(\.value))
        )
        while let row = try rows.next() {
            let place = CounterTally.columns.count
            let bucket = QuarterHour(number: (row[place] as Int64) * bucketsPerUnit)
            try body((0..<columns.count).map { row[place + 1 + $0] as String }, bucket, CounterTally(row))
        }
    }

    /// The values of a counter in the dimensions that are no periods; nil when it does not count.
    func texts(of key: CounterKey) -> [String]? {
        guard range.contains(key.bucket.number), filters.allSatisfy({ key.text(of: $0.dimension) == $0.value })
        else { return nil }
        return dimensions.filter { !$0.isPeriod }.map { key.text(of: $0) }
    }

    func texts(of key: PlaceKey) -> [String]? {
        guard range.contains(QuarterHour(containing: key.day.start).number) else { return nil }
        return dimensions.filter(\.isPlace).map { $0 == .culture ? key.culture : key.country }
    }
}

extension CounterKey {
    /// The values in the order of ``CountColumn/values``.
    var values: [String] {
        [
            route, edition?.rawValue ?? "", action?.rawValue ?? "", origin, campaign, outcome.rawValue, reason?.rawValue ?? "",
            partner?.description ?? "", client.rawValue, clientOS?.rawValue ?? "",
        ]
    }

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

extension Range<Int64> {
    /// The UTC days of quarter hours that begin and end with days.
    fileprivate var days: Range<Int64> {
        let first = lowerBound == .min ? .min : lowerBound / QuarterHour.perDay
        return first..<Swift.max(first, upperBound == .max ? .max : upperBound / QuarterHour.perDay)
    }
}
