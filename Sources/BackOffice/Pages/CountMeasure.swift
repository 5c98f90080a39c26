import Ledger

/// What of a tally is shown large. The names are those of columns of the CSV.
enum CountMeasure: String, CaseIterable, Sendable {
    case requests, visits, unique, attributed
    /// What adjustments added, less what they took away.
    case adjusted
    /// Attributed, and what adjustments come to.
    case net

    /// Those that are of no interest while nothing was adjusted.
    static let ofAdjustments: [CountMeasure] = [.adjusted, .net]

    func value(of tally: CounterTally) -> Int64 {
        switch self {
        case .requests: tally.requests
        case .visits: tally.visits
        case .unique: tally.unique
        case .attributed: tally.attributed
        case .adjusted: tally.adjusted
        case .net: tally.net
        }
    }
}
