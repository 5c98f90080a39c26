internal import Attribution
internal import GRDB

/// The tables `counter` and `place_counter` of one connection. `verify` keeps its recount in tables of the same form.
struct CounterTables {
    let database: Database

    /// The campaigns that are counted by name on a UTC day, `other` and the empty one possibly among them.
    func campaigns(on day: CalendarDay) throws -> Set<String> {
        let first = Int64(day.daysSinceEpoch) * QuarterHour.perDay
        let statement = try database.cachedStatement(
            sql: "SELECT DISTINCT campaign FROM counter WHERE bucket >= ? AND bucket < ?"
        )
        return try String.fetchSet(statement, arguments: [first, first + QuarterHour.perDay])
    }

    private static let addition =
        "ON CONFLICT DO UPDATE SET "
        + CounterTally.columns.map { "\($0) = \($0) + excluded.\($0)" }.joined(separator: ", ")

    /// Adds counts to what the tables hold.
    func add(_ aggregate: CounterAggregate) throws {
        for (key, tally) in aggregate.tallies { try add(tally, to: key) }
        for (key, tally) in aggregate.places { try add(tally, to: key) }
    }

    private func add(_ tally: CounterTally, to key: CounterKey) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO counter VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                \(Self.addition)
                """
        )
        var arguments: StatementArguments = [
            key.bucket.number, key.route, key.edition?.rawValue ?? "", key.action?.rawValue ?? "", key.origin, key.campaign,
            key.outcome.rawValue, key.reason?.rawValue ?? "", key.partner?.description ?? "", key.client.rawValue,
            key.clientOS?.rawValue ?? "",
        ]
        arguments += tally.arguments
        try statement.execute(arguments: arguments)
    }

    private func add(_ tally: CounterTally, to key: PlaceKey) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO place_counter VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                \(Self.addition)
                """
        )
        var arguments: StatementArguments = [key.day.daysSinceEpoch, key.culture, key.country]
        arguments += tally.arguments
        try statement.execute(arguments: arguments)
    }
}

extension CounterTally {
    /// The columns of both tables that hold tallies, in their order.
    static let columns = ["requests", "visits", "unique_visits", "attributed", "adjusted"]

    fileprivate var arguments: StatementArguments { [requests, visits, unique, attributed, adjusted] }

    /// Reads them from a row.
    init(_ row: Row, from first: Int = 0) {
        self.init(
            requests: row[first], visits: row[first + 1], unique: row[first + 2], attributed: row[first + 3],
            adjusted: row[first + 4])
    }
}
