/// Tallies by a period and some values, all of them numbers.
struct NumberedTallies {
    /// How many values each column has.
    private let radices: [UInt64]
    private let combinations: UInt64
    private var table: TallyTable

    /// - Returns: nil when there are so many that a period and values don't make up one number.
    init?(periods: Int, radices: [Int]) {
        self.radices = radices.map { UInt64(max($0, 1)) }
        var combinations: UInt64 = 1
        for radix in self.radices {
            let (product, overflows) = combinations.multipliedReportingOverflow(by: radix)
            if overflows { return nil }
            combinations = product
        }
        self.combinations = combinations
        let (all, overflows) = combinations.multipliedReportingOverflow(by: UInt64(max(periods, 1)))
        if overflows { return nil }
        table = TallyTable(keys: all)
    }

    mutating func add(_ tally: CounterTally, period: UInt32, _ values: [UInt32]) {
        var key = UInt64(period)
        for (value, radix) in zip(values, radices) { key = key * radix + UInt64(value) }
        table.add(tally, to: key)
    }

    /// Adds rows of a day.
    ///
    /// - Parameters:
    ///   - columns: those that are grouped by.
    ///   - filters: columns, and the number that a row must have.
    ///   - periods: of each quarter hour of the day; one, when the whole day is one period or the question has none.
    ///   - places: the quarter hours of the day that are wanted; nil for all.
    mutating func add(
        _ rows: ArchivedRows, by columns: [[UInt32]], onlyOf filters: [(column: [UInt32], number: UInt32)], periods: [UInt32],
        places: Range<Int>?
    ) {
        var keys: [UInt64]
        if periods.count > 1 {
            keys = rows.column(CountColumn.quarter)!.map { UInt64(periods[Int($0)]) }
        } else {
            keys = [UInt64](repeating: UInt64(periods[0]), count: rows.count)
        }
        var isWanted = places.map { places in rows.column(CountColumn.quarter)!.map { places.contains(Int($0)) } }
        for (column, radix) in zip(columns, radices) {
            for row in keys.indices { keys[row] = keys[row] * radix + UInt64(column[row]) }
        }
        for filter in filters {
            var wanted = isWanted ?? [Bool](repeating: true, count: rows.count)
            for row in wanted.indices where filter.column[row] != filter.number { wanted[row] = false }
            isWanted = wanted
        }
        table.add(rows.tallies, to: keys, onlyWhere: isWanted)
    }

    /// All sums.
    ///
    /// - Parameter body: gets the period, the values, and what ``tally(at:)`` knows the sum by.
    func forEach(_ body: (_ period: Int, _ values: [Int], _ slot: Int) -> Void) {
        var values = [Int](repeating: 0, count: radices.count)
        table.forEach { key, slot in
            var rest = key % combinations
            for place in radices.indices.reversed() {
                values[place] = Int(rest % radices[place])
                rest /= radices[place]
            }
            body(Int(key / combinations), values, slot)
        }
    }

    func tally(at slot: Int) -> CounterTally { table.tally(at: slot) }

    var count: Int { table.count }
}
