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
        let parted = table.dimensions.indices.first { $0 != axis }
        let barRanking =
            periods.map { Ranking(labels: $0, of: table, dimension: axis) } ?? Ranking(table, dimension: axis, measure)
        let parts = parted.map { (ranking: Ranking(table, dimension: $0, measure), places: table.places(of: $0)) }
        bars = barRanking.all
        series = parts?.ranking.all ?? [nil]
        var values = [[Int64]](repeating: [Int64](repeating: 0, count: series.count), count: bars.count)
        let barsOfLines = table.places(of: axis)
        for (line, tally) in table.tallies.enumerated() {
            // A period that is not of the range has no bar.
            guard let bar = barRanking.shown[Int(barsOfLines[line])] else { continue }
            let part = parts.flatMap { $0.ranking.shown[Int($0.places[line])] } ?? 0
            values[bar][part] += measure.value(of: tally)
        }
        self.values = values
    }

    /// Values in the order in which they are shown.
    private struct Ranking {
        let all: [String?]
        /// Where among them a value of the table stands, by its place there.
        let shown: [Int?]

        init(labels: [String], of table: CountTable, dimension: Int) {
            all = labels
            let places = Dictionary(zip(labels, 0...), uniquingKeysWith: { first, _ in first })
            shown = table.texts(of: dimension).map { places[$0] }
        }

        init(_ table: CountTable, dimension: Int, _ measure: CountMeasure) {
            let texts = table.texts(of: dimension)
            var sums = [Int64?](repeating: nil, count: texts.count)
            for (place, tally) in zip(table.places(of: dimension), table.tallies) {
                sums[Int(place)] = (sums[Int(place)] ?? 0) + measure.value(of: tally)
            }
            let ranked = sums.indices.filter { sums[$0] != nil }.sorted {
                (sums[$1]!, texts[$0]) < (sums[$0]!, texts[$1])
            }
            // A rest of one value would hide that value's name.
            let isCut = ranked.count > CountChart.mostValues + 1
            let most = isCut ? Array(ranked.prefix(CountChart.mostValues)) : ranked
            all = most.map { texts[$0] } + (isCut ? [nil] : [])
            var shown = [Int?](repeating: isCut ? most.count : nil, count: texts.count)
            for (place, value) in most.enumerated() { shown[value] = place }
            self.shown = shown
        }
    }
}
