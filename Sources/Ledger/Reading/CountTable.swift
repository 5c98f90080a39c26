/// Counts by the dimensions that were asked for, and their total.
///
/// They are kept by columns: an answer can have a quarter of a million lines, most of which nobody ever reads as a line.
package struct CountTable: Sendable {
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
    /// By dimension: the values that its lines name by their places. Some may have no line.
    private let texts: [[String]]
    /// By dimension, then by line.
    private let places: [[UInt32]]
    /// Of the lines.
    package let tallies: [CounterTally]
    package let total: CounterTally
    /// Whether the ledger has adjustments, these records' or others'.
    package let hasAdjustments: Bool

    /// The names of the four counts, in the order of the columns.
    package static let columns = ["requests", "visits", "unique", "attributed"]
    /// The names of the two that follow where records were adjusted.
    package static let adjustmentColumns = ["adjusted", "net"]

    /// A table by columns, in the order of its lines.
    init(
        dimensions: [CountDimension], texts: [[String]], places: [[UInt32]], tallies: [CounterTally], hasAdjustments: Bool
    ) {
        self.dimensions = dimensions
        self.texts = texts
        self.places = places
        self.tallies = tallies
        self.hasAdjustments = hasAdjustments
        total = tallies.reduce(into: CounterTally()) { $0 += $1 }
    }

    /// - Parameter periodStarts: when each period was met first, by its label. Labels alone do not sort: the hour that clocks
    ///   go through twice is written with two offsets, and the smaller one comes later.
    init(
        dimensions: [CountDimension], tallies: [[String]: CounterTally], periodStarts: [String: QuarterHour],
        hasAdjustments: Bool
    ) {
        let lines = tallies.map(Line.init).sorted { Self.precedes($0.values, $1.values, dimensions, periodStarts) }
        self.init(dimensions: dimensions, lines: lines, hasAdjustments: hasAdjustments)
    }

    /// A table of lines that are there already, in their order.
    package init(dimensions: [CountDimension], lines: [Line], hasAdjustments: Bool = false) {
        var texts = [[String]](repeating: [], count: dimensions.count)
        var places = [[UInt32]](repeating: [], count: dimensions.count)
        for dimension in dimensions.indices {
            var known: [String: UInt32] = [:]
            for line in lines {
                let text = line.values[dimension]
                let place = known[text] ?? UInt32(texts[dimension].count)
                if place == texts[dimension].count {
                    known[text] = place
                    texts[dimension].append(text)
                }
                places[dimension].append(place)
            }
        }
        self.init(
            dimensions: dimensions, texts: texts, places: places, tallies: lines.map(\.tally), hasAdjustments: hasAdjustments)
    }

    /// The values of a dimension, by the place of the dimension. Some may have no line.
    package func texts(of dimension: Int) -> [String] { texts[dimension] }

    /// The same for what the lines have: places among ``texts(of:)``.
    package func places(of dimension: Int) -> [UInt32] { places[dimension] }

    /// The sums of tables of the same dimensions.
    package static func sum(_ tables: [CountTable]) -> CountTable {
        guard tables.count > 1 else { return tables[0] }
        var sums: [[String]: CounterTally] = [:]
        for line in tables.flatMap(\.lines) { sums[line.values, default: CounterTally()] += line.tally }
        // Labels of periods sort as texts, but for the hour that clocks repeat, which only changes its place in the chart.
        return CountTable(
            dimensions: tables[0].dimensions,
            lines: sums.map(Line.init).sorted { $0.values.lexicographicallyPrecedes($1.values) },
            hasAdjustments: tables[0].hasAdjustments)
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

// MARK: - Lines

extension CountTable {
    /// Sorted by the values, partners by number, periods by time.
    package var lines: Lines { Lines(table: self) }

    package struct Lines: RandomAccessCollection, Sendable {
        fileprivate let table: CountTable

        package var startIndex: Int { 0 }
        package var endIndex: Int { table.tallies.count }

        package subscript(line: Int) -> Line {
            Line(
                values: table.dimensions.indices.map { table.texts[$0][Int(table.places[$0][line])] },
                tally: table.tallies[line])
        }
    }
}

extension CountTable: Equatable {
    /// Whether both say the same: which values have no line does not matter.
    package static func == (left: CountTable, right: CountTable) -> Bool {
        left.dimensions == right.dimensions && left.hasAdjustments == right.hasAdjustments
            && left.lines.elementsEqual(right.lines)
    }
}

extension CounterTally {
    /// The counts in the order of ``CountTable/columns``.
    package var values: [Int64] { [requests, visits, unique, attributed] }
}
