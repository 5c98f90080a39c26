internal import Attribution
import Foundation
internal import GRDB

/// Adds up counters by numbers: of quarter hours that are archived by columns and by sums, of the others as the ledger has them.
///
/// A line's numbers, and that of its period, make up one number, by which the tallies are added. Only the sums get their texts
/// back.
struct ArchivedCounts {
    private let query: CountQuery
    /// The columns that are grouped by, in the order of the query.
    private let columns: [String]
    private let filters: [(column: String, value: String)]
    private let hasPeriods: Bool
    /// What the ledger's own tables gave.
    private var others: [(period: UInt32, values: [UInt32], tally: CounterTally)] = []

    init(_ query: CountQuery) {
        self.query = query
        columns = query.dimensions.filter { !$0.isPeriod }.map(\.rawValue)
        filters = query.filters.map { ($0.dimension.rawValue, $0.value) }
        hasPeriods = query.dimensions.contains(where: \.isPeriod)
    }

    /// Adds counters that neither the archive nor ``OpenCounters`` has.
    ///
    /// - Parameter texts: the values of the columns.
    mutating func add(
        _ texts: [String], bucket: QuarterHour, _ tally: CounterTally, _ numbers: inout ValueNumbers,
        _ periods: inout PeriodNumbers
    ) throws {
        var values: [UInt32] = []
        for (column, text) in zip(columns, texts) { values.append(numbers.add(text, to: column)) }
        others.append((hasPeriods ? try periods.number(of: bucket) : 0, values, tally))
    }

    /// Adds the archived days and the open counters to what was added before.
    ///
    /// - Returns: nil when there are so many values that their numbers don't make up one.
    func sums(
        of days: [ArchivedDays.Day], _ open: [OpenCounters.Day], _ numbers: ValueNumbers, _ periods: inout PeriodNumbers,
        _ index: Database
    ) throws -> NumberedTallies? {
        let open = open.filter { query.range.overlaps($0.day.quarterHours) }
        var periodsOfDays: [CalendarDay: [UInt32]] = [:]
        if hasPeriods { for day in days.map(\.day) + open.map(\.day) { periodsOfDays[day] = try periods.numbers(of: day) } }
        guard
            var tallies = NumberedTallies(
                periods: hasPeriods ? periods.labels.count : 1, radices: columns.map { numbers.texts(of: $0).count })
        else { return nil }
        for other in others { tallies.add(other.tally, period: other.period, other.values) }
        // No row has the number that stands for a value which never was.
        let wanted = filters.map { ($0.column, numbers.number(of: $0.value, in: $0.column) ?? .max) }
        for day in days {
            try add(day, periodsOfDays[day.day], wanted, numbers, to: &tallies, index)
            try query.requireRoom(forLines: tallies.count)
        }
        for day in open { add(day, periodsOfDays[day.day], wanted, to: &tallies) }
        try query.requireRoom(forLines: tallies.count)
        return tallies
    }

    private func add(
        _ day: OpenCounters.Day, _ periods: [UInt32]?, _ wanted: [(column: String, number: UInt32)],
        to tallies: inout NumberedTallies
    ) {
        add(day.rows, wanted, periods ?? [0], places(of: day.day.quarterHours), to: &tallies)
    }

    private func add(
        _ rows: ArchivedRows, _ wanted: [(column: String, number: UInt32)], _ periods: [UInt32], _ places: Range<Int>?,
        to tallies: inout NumberedTallies
    ) {
        let filters = wanted.map { (column: rows.column($0.column)!, number: $0.number) }
        tallies.add(rows, by: columns.map { rows.column($0)! }, onlyOf: filters, periods: periods, places: places)
    }

    /// Which of a day's quarter hours count.
    private func places(of quarterHours: Range<Int64>) -> Range<Int> {
        let quarters = query.range.clamped(to: quarterHours)
        return Int(quarters.lowerBound - quarterHours.lowerBound)..<Int(quarters.upperBound - quarterHours.lowerBound)
    }

    private func add(
        _ day: ArchivedDays.Day, _ periods: [UInt32]?, _ wanted: [(column: String, number: UInt32)], _ numbers: ValueNumbers,
        to tallies: inout NumberedTallies, _ index: Database
    ) throws {
        let places = places(of: day.quarterHours)
        let isFull = places.count == day.quarterHours.count
        let isOnePeriod = periods.map { periods in places.allSatisfy { periods[$0] == periods[places.lowerBound] } } ?? true
        guard let rows = try rows(of: day, isWhole: isFull && isOnePeriod, wanted, index) else { return }
        guard rows.isSound(numbers) else { throw ArchivedRows.damaged(day.day) }
        let period = periods?[places.lowerBound] ?? 0
        add(rows, wanted, isOnePeriod ? [period] : periods!, isFull ? nil : places, to: &tallies)
    }

    /// The fewest rows that answer; nil when the day has none.
    private func rows(
        of day: ArchivedDays.Day, isWhole: Bool, _ wanted: [(column: String, number: UInt32)], _ index: Database
    ) throws -> ArchivedRows? {
        let needed = Set(columns + wanted.map(\.column))
        // A day that is not over has no portions of partners.
        let partner = day.isWhole ? wanted.first { $0.column == CountColumn.partner }?.number : nil
        if let sums = ArchivedSums.fitting(needed, isWhole: isWhole, partner: partner) {
            return try ArchivedRows.sums(sums.name, sums.columns, of: day.day, index)
        }
        return try ArchivedRows.ofDay(day.day, [CountColumn.quarter] + CountColumn.values.filter(needed.contains), index)
    }
}

extension CalendarDay {
    fileprivate var quarterHours: Range<Int64> {
        QuarterHour(containing: start).number..<QuarterHour.end(of: self).number
    }
}
