/// Counts by the dimensions that were asked for, and their total.
package struct CountTable: Sendable, Equatable {
    package struct Line: Sendable, Equatable {
        /// One value for each dimension; empty where the records have none.
        package var values: [String]
        package var tally: CounterTally

        package init(values: [String], tally: CounterTally) {
            self.values = values
            self.tally = tally
        }
    }

    package let dimensions: [CountDimension]
    /// Sorted by the values, partners by number, periods by time.
    package private(set) var lines: [Line]
    package private(set) var total: CounterTally
    /// Whether the ledger has adjustments, these records' or others'.
    package let hasAdjustments: Bool

    /// The names of the four counts, in the order of the columns.
    package static let columns = ["requests", "visits", "unique", "attributed"]
    /// The names of the two that follow where records were adjusted.
    package static let adjustmentColumns = ["adjusted", "net"]

    /// - Parameter periodStarts: when each period was met first, by its label. Labels alone do not sort: the hour that clocks
    ///   go through twice is written with two offsets, and the smaller one comes later.
    init(
        dimensions: [CountDimension], tallies: [[String]: CounterTally], periodStarts: [String: QuarterHour],
        hasAdjustments: Bool
    ) {
        self.dimensions = dimensions
        self.hasAdjustments = hasAdjustments
        lines = tallies.map(Line.init).sorted { Self.precedes($0.values, $1.values, dimensions, periodStarts) }
        total = tallies.values.reduce(into: CounterTally()) { $0 += $1 }
    }

    /// A table of lines that are there already, in their order.
    package init(dimensions: [CountDimension], lines: [Line], hasAdjustments: Bool = false) {
        self.dimensions = dimensions
        self.lines = lines
        self.hasAdjustments = hasAdjustments
        total = lines.reduce(into: CounterTally()) { $0 += $1.tally }
    }

    /// The sums of tables of the same dimensions.
    package static func sum(_ tables: [CountTable]) -> CountTable {
        var sum = tables[0]
        guard tables.count > 1 else { return sum }
        var places = Dictionary(uniqueKeysWithValues: sum.lines.enumerated().map { ($1.values, $0) })
        for line in tables.dropFirst().flatMap(\.lines) {
            if let place = places[line.values] {
                sum.lines[place].tally += line.tally
            } else {
                places[line.values] = sum.lines.count
                sum.lines.append(line)
            }
        }
        // Labels of periods sort as texts, but for the hour that clocks repeat, which only changes its place in the chart.
        sum.lines.sort { $0.values.lexicographicallyPrecedes($1.values) }
        for table in tables.dropFirst() { sum.total += table.total }
        return sum
    }

    private static func precedes(
        _ left: [String],
        _ right: [String],
        _ dimensions: [CountDimension],
        _ periodStarts: [String: QuarterHour]
    ) -> Bool {
        for (index, dimension) in dimensions.enumerated() where left[index] != right[index] {
            if dimension.isPeriod, let leftStart = periodStarts[left[index]], let rightStart = periodStarts[right[index]] {
                return leftStart < rightStart
            }
            return precedes(left[index], right[index], dimension)
        }
        return false
    }

    /// The order of a dimension's values, for all but periods.
    static func precedes(_ left: String, _ right: String, _ dimension: CountDimension) -> Bool {
        // IDs have no leading zeros: the shorter one is the smaller number.
        if dimension == .partner, left.utf8.count != right.utf8.count { return left.utf8.count < right.utf8.count }
        return left < right
    }
}

extension CounterTally {
    /// The counts in the order of ``CountTable/columns``.
    package var values: [Int64] { [requests, visits, unique, attributed] }
}
