/// Lines from numbers: they are put in order as numbers, too.
extension CountTable {
    /// - Returns: nil when the ranks of a line don't make up one number.
    init?(
        _ query: CountQuery, _ tallies: NumberedTallies, _ numbers: ValueNumbers, _ periods: PeriodNumbers,
        hasAdjustments: Bool
    ) {
        let dimensions = RankedDimension.all(query.dimensions, numbers, periods)
        var most: UInt64 = 1
        for dimension in dimensions {
            let (product, overflows) = most.multipliedReportingOverflow(by: UInt64(max(dimension.texts.count, 1)))
            if overflows { return nil }
            most = product
        }
        var ranks: [UInt64] = []
        var slots: [Int] = []
        ranks.reserveCapacity(tallies.count)
        slots.reserveCapacity(tallies.count)
        tallies.forEach { period, values, slot in
            var rank: UInt64 = 0
            for dimension in dimensions {
                let number = dimension.column.map { values[$0] } ?? period
                rank = rank * UInt64(dimension.texts.count) + UInt64(dimension.ranks[number])
            }
            ranks.append(rank)
            slots.append(slot)
        }
        guard let order = Self.order(of: ranks, below: most) else { return nil }
        // From the last dimension to the first: each takes its part of the rank away.
        var rests = order.map { ranks[$0] }
        var places = [[UInt32]](repeating: [], count: dimensions.count)
        for dimension in dimensions.indices.reversed() {
            let radix = UInt64(max(dimensions[dimension].texts.count, 1))
            places[dimension] = rests.map { UInt32(truncatingIfNeeded: $0 % radix) }
            if dimension > 0 { rests = rests.map { $0 / radix } }
        }
        self.init(
            dimensions: query.dimensions, texts: dimensions.map(\.texts), places: places,
            tallies: order.map { tallies.tally(at: slots[$0]) }, hasAdjustments: hasAdjustments)
    }

    /// The places of ranks, the lowest first. No two are the same.
    ///
    /// - Returns: nil when a rank and a place don't make up one number.
    private static func order(of ranks: [UInt64], below bound: UInt64) -> [Int]? {
        let count = UInt64(max(ranks.count, 1))
        // Where a good part of all ranks is there, each finds its place faster than by being compared.
        if bound / count < fewestRanksForSorting {
            var places = [Int](repeating: -1, count: Int(bound))
            for (place, rank) in ranks.enumerated() { places[Int(rank)] = place }
            return places.filter { $0 >= 0 }
        }
        // Rank and place in one number are sorted faster than lines.
        if bound.multipliedReportingOverflow(by: count).overflow { return nil }
        return zip(ranks, 0...).map { $0 * count + $1 }.sorted().map { Int($0 % count) }
    }

    /// So many for each that is there.
    private static let fewestRanksForSorting: UInt64 = 8
}

/// A dimension whose values are in order.
private struct RankedDimension {
    /// The place among the values of a line; nil: it is a period.
    let column: Int?
    /// In order.
    let texts: [String]
    /// The place in ``texts`` by number of the value or period.
    let ranks: [Int]

    static func all(
        _ dimensions: [CountDimension], _ numbers: ValueNumbers, _ periods: PeriodNumbers
    ) -> [RankedDimension] {
        var (columns, labels) = (0, 0)
        return dimensions.map { dimension in
            if dimension.isPeriod {
                defer { labels += 1 }
                return RankedDimension(periods, label: labels)
            }
            defer { columns += 1 }
            return RankedDimension(numbers.texts(of: dimension.rawValue), dimension, column: columns)
        }
    }

    private init(_ texts: [String], _ dimension: CountDimension, column: Int) {
        let order = texts.indices.sorted { left, right in
            CountTable.precedes(texts[left], texts[right], dimension)
        }
        var ranks = [Int](repeating: 0, count: texts.count)
        for (rank, number) in order.enumerated() { ranks[number] = rank }
        self.column = column
        self.texts = order.map { texts[$0] }
        self.ranks = ranks
    }

    /// - Parameter label: the place among the labels of a period.
    private init(_ periods: PeriodNumbers, label: Int) {
        var starts: [String: QuarterHour] = [:]
        for (labels, start) in zip(periods.labels, periods.starts) {
            starts[labels[label]] = min(starts[labels[label]] ?? start, start)
        }
        texts = starts.sorted { $0.value < $1.value }.map(\.key)
        let places = Dictionary(uniqueKeysWithValues: zip(texts, 0...))
        ranks = periods.labels.map { places[$0[label]]! }
        column = nil
    }
}
