/// Counts by the dimensions that were asked for, and their total.
package struct CountTable: Sendable, Equatable {
    package struct Line: Sendable, Equatable {
        /// One value for each dimension; empty where the records have none.
        package var values: [String]
        package var tally: CounterTally
    }

    package let dimensions: [CountDimension]
    /// Sorted by the values, partners by number.
    package let lines: [Line]
    package let total: CounterTally

    /// The names of the four counts, in the order of the columns.
    package static let columns = ["requests", "visits", "unique", "attributed"]

    init(dimensions: [CountDimension], tallies: [[String]: CounterTally]) {
        self.dimensions = dimensions
        lines = tallies.map(Line.init).sorted { Self.precedes($0.values, $1.values, dimensions) }
        total = tallies.values.reduce(into: CounterTally()) { $0 += $1 }
    }

    private static func precedes(_ left: [String], _ right: [String], _ dimensions: [CountDimension]) -> Bool {
        for (index, dimension) in dimensions.enumerated() where left[index] != right[index] {
            // IDs have no leading zeros: the shorter one is the smaller number.
            if dimension == .partner, left[index].utf8.count != right[index].utf8.count {
                return left[index].utf8.count < right[index].utf8.count
            }
            return left[index] < right[index]
        }
        return false
    }
}

extension CounterTally {
    /// The counts in the order of ``CountTable/columns``.
    package var values: [Int64] { [requests, visits, unique, attributed] }
}
