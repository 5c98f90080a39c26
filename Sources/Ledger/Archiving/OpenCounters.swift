internal import Attribution
internal import GRDB

/// The counters that are not archived yet, and the records that are not counted yet, by columns as the archive has them: they are
/// read once for all questions of a moment.
struct OpenCounters {
    /// The quarter hours whose counters are all here; empty when they are too many to be read at once.
    private(set) var range: Range<Int64>
    /// By day. Records that are not counted yet may be of any day.
    private(set) var days: [Day] = []

    struct Day {
        let day: CalendarDay
        var rows: ArchivedRows
    }

    /// As many as the counters of some hours at most, while the index keeps up.
    static let mostRows = 20_000
    private static let names = [CountColumn.quarter] + CountColumn.values

    /// - Parameter day: the last that is archived; nil: none is.
    init(
        _ moment: CountMoment, behind day: ArchivedDays.Day?, mostRows: Int = OpenCounters.mostRows, _ numbers: inout ValueNumbers
    ) throws {
        let first = day?.until.number ?? .min
        range = first..<Int64.max
        var places: [CalendarDay: Int] = [:]
        if try Self.isSmall(moment.database, from: first, mostRows) {
            let columns = (CounterTally.columns + CountColumn.values).joined(separator: ", ")
            let rows = try Row.fetchCursor(
                moment.database, sql: "SELECT \(columns), bucket FROM counter WHERE bucket >= ? ORDER BY bucket",
                arguments: [first])
            let tallies = CounterTally.columns.count
            while let row = try rows.next() {
                var values: [String] = []
                for place in CountColumn.values.indices { values.append(row[tallies + place]) }
                let bucket = QuarterHour(number: row[tallies + values.count])
                try add(values, bucket, CounterTally(row), &numbers, &places)
            }
        } else {
            range = Int64.max..<Int64.max
        }
        for (key, tally) in moment.tail.tallies { try add(key.values, key.bucket, tally, &numbers, &places) }
    }

    private static func isSmall(_ database: Database, from first: Int64, _ mostRows: Int) throws -> Bool {
        let count = try Int.fetchOne(
            database, sql: "SELECT count(*) FROM (SELECT 1 FROM counter WHERE bucket >= ? LIMIT ?)",
            arguments: [first, mostRows + 1])
        return count ?? 0 <= mostRows
    }

    private mutating func add(
        _ values: [String], _ bucket: QuarterHour, _ tally: CounterTally, _ numbers: inout ValueNumbers,
        _ places: inout [CalendarDay: Int]
    ) throws {
        let day = bucket.day
        let place = places[day] ?? days.count
        if place == days.count {
            places[day] = place
            days.append(Day(day: day, rows: ArchivedRows(Self.names)))
        }
        var keys = [UInt32(bucket.number - QuarterHour(containing: day.start).number)]
        for (name, value) in zip(CountColumn.values, values) { keys.append(numbers.add(value, to: name)) }
        guard days[place].rows.append(keys, tally) else { throw TooLarge() }
    }

    /// A counter that the archive has no room for: the ledger itself must answer.
    private struct TooLarge: Error {}
}
