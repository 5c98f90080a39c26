import Attribution
import Foundation
import Ledger

/// What the overview asks the counters, all as of one moment.
struct OverviewFigures: Sendable {
    /// Whether there is any record, in these days or others.
    let hasRecords: Bool
    let before: CounterTally
    /// By period and outcome.
    let overTime: CountTable
    /// By outcome and reason.
    let reasons: CountTable
    let partners: CountTable
    let breakdowns: [Breakdown]

    struct Breakdown: Sendable {
        /// What it is by: the page's texts have it as `by-KEY`.
        let key: String
        let table: CountTable
        var dimensions: [CountDimension] { table.dimensions }
    }

    var total: CounterTally { reasons.total }
    var hasAdjustments: Bool { reasons.hasAdjustments }

    /// In the order in which they are shown. Culture and country are counted by UTC day only.
    private static let breakdowns: [(key: String, dimensions: [CountDimension])] =
        [("endpoint", [.edition, .action])]
        + [CountDimension.route, .origin, .campaign, .culture, .country].map { ($0.rawValue, [$0]) }

    static func read(_ ledger: LedgerReader, _ range: CountRange, now: Timestamp, zone: TimeZone) throws -> OverviewFigures {
        let asked: [CountQuery] =
            [
                try range.query(by: [range.period, .outcome], zone: zone),
                try range.query(by: [.outcome, .reason], zone: zone),
                try range.queryBefore(now: now, zone: zone),
                try range.query(by: [.partner], zone: zone),
            ] + (try breakdowns.map { try range.query(by: $0.dimensions, zone: $0.dimensions[0].isPlace ? .gmt : zone) })
        let tables = try ledger.counts(asked)
        return OverviewFigures(
            hasRecords: try ledger.lastSequence() > 0, before: tables[2].total, overTime: tables[0], reasons: tables[1],
            partners: tables[3],
            breakdowns: zip(breakdowns, tables.dropFirst(4)).map { Breakdown(key: $0.key, table: $1) })
    }
}
