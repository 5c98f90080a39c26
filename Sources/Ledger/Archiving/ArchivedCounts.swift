internal import Attribution
import Foundation
internal import GRDB

/// Adds up counters of days that are kept by columns.
///
/// The values that are asked for are numbers here; a row's numbers, and that of its period, make up one number, by which the
/// tallies are added. Only the sums get their texts back.
struct ArchivedCounts {
    private let index: Database
    private let query: CountQuery
    /// The columns that are grouped by, in the order of the query.
    private let columns: [String]
    private let values: [[String]]
    private let filters: [(column: String, number: UInt32)]
    private var periods: [[String]] = []
    private var periodNumbers: [[String]: UInt64] = [:]
    private var table = TallyTable()
    /// By how much a period's number is multiplied: there are so many combinations of values.
    private let combinations: UInt64

    /// Periods that can be told apart; a hundred years of hours are fewer.
    private static let mostPeriods: UInt64 = 1 << 20

    /// - Returns: nil when there are so many values that their numbers don't make up one.
    init?(_ query: CountQuery, _ index: Database) throws {
        self.index = index
        self.query = query
        columns = query.dimensions.filter { !$0.isPeriod }.map(\.rawValue)
        values = try columns.map { try Self.values(of: $0, index) }
        filters = try query.filters.map {
            ($0.dimension.rawValue, try Self.number(of: $0.value, in: $0.dimension.rawValue, index))
        }
        var combinations: UInt64 = 1
        for values in values {
            let (product, overflows) = combinations.multipliedReportingOverflow(by: UInt64(max(values.count, 1)))
            if overflows { return nil }
            combinations = product
        }
        if combinations.multipliedReportingOverflow(by: Self.mostPeriods).overflow { return nil }
        self.combinations = combinations
    }

    private static func values(of column: String, _ index: Database) throws -> [String] {
        try String.fetchAll(index, sql: "SELECT value FROM archived_value WHERE name = ? ORDER BY number", arguments: [column])
    }

    /// No row has the number that stands for a value which never was.
    private static func number(of value: String, in column: String, _ index: Database) throws -> UInt32 {
        try Int64.fetchOne(
            index, sql: "SELECT number FROM archived_value WHERE name = ? AND value = ?", arguments: [column, value]
        ).map { UInt32($0) } ?? .max
    }

    /// Adds a day's counters.
    ///
    /// - Parameter labels: the periods of a quarter hour.
    mutating func add(_ day: CalendarDay, labels: (QuarterHour) throws -> [String]) throws {
        let quarters = try column(CountColumn.quarter, of: day)
        var keys = try keysOfPeriods(day, quarters, labels)
        for (name, values) in zip(columns, values) {
            let radix = UInt64(max(values.count, 1))
            let numbers = try column(name, of: day, count: keys.count)
            for row in keys.indices { keys[row] = keys[row] * radix + UInt64(numbers[row]) }
        }
        let isWanted = try wantedRows(day, quarters)
        let tallies = try CountColumn.tallies.map { try column($0, of: day, count: keys.count) }
        for row in keys.indices where isWanted?[row] ?? true {
            func tally(_ column: Int) -> Int64 { Int64(Int32(bitPattern: tallies[column][row])) }
            table.add(
                CounterTally(
                    requests: tally(0), visits: tally(1), unique: tally(2), attributed: tally(3), adjusted: tally(4)),
                to: keys[row])
        }
    }

    /// The sums, with the values in the order of the query's dimensions that are no periods.
    func forEach(_ body: (_ periods: [String], _ values: [String], _ tally: CounterTally) throws -> Void) rethrows {
        for (key, tally) in table.all {
            var rest = key % combinations
            var texts: [String] = []
            for values in values.reversed() {
                let radix = UInt64(max(values.count, 1))
                texts.append(values[Int(rest % radix)])
                rest /= radix
            }
            try body(periods.isEmpty ? [] : periods[Int(key / combinations)], texts.reversed(), tally)
        }
    }

    private mutating func keysOfPeriods(
        _ day: CalendarDay, _ quarters: [UInt32], _ labels: (QuarterHour) throws -> [String]
    ) throws -> [UInt64] {
        guard query.dimensions.contains(where: \.isPeriod) else { return [UInt64](repeating: 0, count: quarters.count) }
        let first = QuarterHour(containing: day.start).number
        var numbers = [UInt64?](repeating: nil, count: Int(QuarterHour.perDay))
        return try quarters.map { quarter in
            guard quarter < numbers.count else { throw damaged(CountColumn.quarter, day) }
            if let known = numbers[Int(quarter)] { return known }
            let labels = try labels(QuarterHour(number: first + Int64(quarter)))
            let number = periodNumbers[labels] ?? UInt64(periods.count)
            if number == periods.count {
                periods.append(labels)
                periodNumbers[labels] = number
            }
            numbers[Int(quarter)] = number
            return number
        }
    }

    /// Which rows lie within the query's range and fit its filters; nil when all do.
    private func wantedRows(_ day: CalendarDay, _ quarters: [UInt32]) throws -> [Bool]? {
        let first = QuarterHour(containing: day.start).number
        let earliest = (query.since?.number ?? .min) > first ? query.since!.number - first : 0
        let latest = (query.until?.number ?? .max) < first + QuarterHour.perDay ? query.until!.number - first : QuarterHour.perDay
        if filters.isEmpty, earliest == 0, latest == QuarterHour.perDay { return nil }
        var wanted = quarters.map { Int64($0) >= earliest && Int64($0) < latest }
        for (name, number) in filters {
            let numbers = try column(name, of: day, count: wanted.count)
            for row in wanted.indices where numbers[row] != number { wanted[row] = false }
        }
        return wanted
    }

    private func column(_ name: String, of day: CalendarDay, count: Int? = nil) throws -> [UInt32] {
        let statement = try index.cachedStatement(sql: "SELECT data FROM archived_column WHERE day = ? AND name = ?")
        let row = try Row.fetchOne(statement, arguments: [day.daysSinceEpoch, name])
        let numbers = try row?.withUnsafeData(atIndex: 0) { data in
            data.flatMap { $0.withUnsafeBytes { ArchivedColumn.numbers($0) } }
        }
        guard let numbers, numbers.count == count ?? numbers.count else { throw damaged(name, day) }
        return numbers
    }

    private func damaged(_ column: String, _ day: CalendarDay) -> DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the column \(column) of \(day) can't be read")
    }
}
