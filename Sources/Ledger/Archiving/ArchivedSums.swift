/// Which sums are kept of each day beside its counters: so few rows that a year of them is added up in no time. Whatever is asked
/// by two dimensions, or by one and a period, has its sums; more is added up from the counters.
///
/// Names are those of the columns, in the order in which the rows have them.
enum ArchivedSums {
    /// By every value and by every two of them, without the quarter hours: for whole days.
    static let ofDays: [[String]] =
        CountColumn.values.map { [$0] }
        + CountColumn.values.indices.flatMap { first in
            CountColumn.values[(first + 1)...].map { [CountColumn.values[first], $0] }
        }

    /// By the quarter hours and one value: for periods that begin within a UTC day.
    static let ofQuarters: [[String]] = CountColumn.values.map { [CountColumn.quarter, $0] }

    /// By partner, quarter hour and outcome: what the page of a partner asks. They are stored by portions of partners.
    static let ofPartners = [CountColumn.partner, CountColumn.quarter, CountColumn.outcome]
    /// Partners of a portion; its rows of a day are then some kilobytes.
    static let partnersOfPortion: UInt32 = 32

    static func name(_ columns: [String]) -> String { columns.joined(separator: ",") }

    /// - Parameter partner: the number of a partner.
    static func portionName(of partner: UInt32) -> String { name(ofPartners) + "/\(partner / partnersOfPortion)" }

    /// The smallest sums that answer a question; nil when only the counters do.
    ///
    /// - Parameters:
    ///   - columns: the values that are asked for or filtered by.
    ///   - isWhole: whether the day needs no quarter hours.
    ///   - partner: the only one that is wanted.
    static func fitting(_ columns: Set<String>, isWhole: Bool, partner: UInt32?) -> (name: String, columns: [String])? {
        if isWhole, columns.count <= 2 {
            let sums = columns.isEmpty ? [CountColumn.outcome] : CountColumn.values.filter(columns.contains)
            return (name(sums), sums)
        }
        if columns.count <= 1 {
            let sums = [CountColumn.quarter, columns.first ?? CountColumn.outcome]
            return (name(sums), sums)
        }
        if let partner, columns.isSubset(of: [CountColumn.partner, CountColumn.outcome]) {
            return (portionName(of: partner), ofPartners)
        }
        return nil
    }

    /// Partners' portions of a day.
    ///
    /// - Parameter rows: by ``ofPartners``, in the order of the partners.
    static func portions(_ rows: ArchivedRows) -> [(name: String, rows: ArchivedRows)] {
        var portions: [(name: String, rows: ArchivedRows)] = []
        for row in 0..<rows.count {
            let name = portionName(of: rows.keys[0][row])
            if portions.last?.name != name { portions.append((name, ArchivedRows(ofPartners))) }
            _ = portions[portions.count - 1].rows.append(rows.keys.map { $0[row] }, rows.tally(row))
        }
        return portions
    }
}
