import Ledger

/// What of a table of counts a chart shows: of each dimension that is no period the largest values, the rest together.
struct CountChart {
    /// What the bars stand for, in their order; nil for the rest.
    let bars: [String?]
    /// The parts of a bar, the largest first; nil for the rest. One, which is nil, when nothing divides the bars.
    let series: [String?]
    /// By bar, then by part.
    let values: [[Int64]]

    static let mostValues = 10

    /// - Parameters:
    ///   - table: by one dimension or by two.
    ///   - periods: all labels of the dimension that is a period, in their order; nil when there is none.
    init(_ table: CountTable, measure: CountMeasure, periods: [String]?) {
        let axis = table.dimensions.firstIndex { $0.isPeriod } ?? 0
        let parts = table.dimensions.indices.first { $0 != axis }
        let barRanking = periods.map { Ranking(values: $0) } ?? Ranking(table, dimension: axis, measure)
        let partRanking = parts.map { Ranking(table, dimension: $0, measure) } ?? Ranking(values: [])
        bars = barRanking.all
        series = parts == nil ? [nil] : partRanking.all
        var values = [[Int64]](repeating: [Int64](repeating: 0, count: series.count), count: bars.count)
        // Lines of one value follow each other: most are looked up once.
        var (last, place): (String?, Int?) = (nil, nil)
        for line in table.lines {
            if line.values[axis] != last { (last, place) = (line.values[axis], barRanking.place(of: line.values[axis])) }
            // A period that is not of the range has no bar.
            guard let bar = place else { continue }
            let part = parts.flatMap { partRanking.place(of: line.values[$0]) } ?? 0
            values[bar][part] += measure.value(of: line.tally)
        }
        self.values = values
    }

    /// Values in the order in which they are shown.
    private struct Ranking {
        let all: [String?]
        private let places: [String: Int]
        private let rest: Int?

        init(values: [String]) {
            all = values
            places = Dictionary(zip(values, 0...), uniquingKeysWith: { first, _ in first })
            rest = nil
        }

        init(_ table: CountTable, dimension: Int, _ measure: CountMeasure) {
            var sums: [String: Int64] = [:]
            // Lines of one value of the first dimension follow each other.
            var (last, sum): (String?, Int64) = (nil, 0)
            for line in table.lines {
                if line.values[dimension] != last {
                    if let last { sums[last, default: 0] += sum }
                    (last, sum) = (line.values[dimension], 0)
                }
                sum += measure.value(of: line.tally)
            }
            if let last { sums[last, default: 0] += sum }
            let ranked = sums.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
            // A rest of one value would hide that value's name.
            let isCut = ranked.count > CountChart.mostValues + 1
            let shown = isCut ? Array(ranked.prefix(CountChart.mostValues)) : ranked
            all = shown + (isCut ? [nil] : [])
            places = Dictionary(uniqueKeysWithValues: zip(shown, 0...))
            rest = isCut ? shown.count : nil
        }

        func place(of value: String) -> Int? { places[value] ?? rest }
    }
}
