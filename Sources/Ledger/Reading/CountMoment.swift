internal import Attribution
internal import GRDB

/// The counts as of one moment: what the counters have within a read of the ledger, and a recount of the records that they do not
/// have yet.
struct CountMoment {
    let database: Database
    /// The counts of the records behind `counted_through`.
    let tail: CounterAggregate
    /// Adjustments among those that the counters have.
    let adjustments: Int64

    var hasAdjustments: Bool { adjustments + tail.adjustments > 0 }

    /// Answers a question from the ledger's tables.
    func counts(_ query: CountQuery) throws -> CountTable {
        var folding = CountFolding(query)
        if query.readsPlaces {
            try query.forEachPlace(database) { try folding.add($0, bucket: $1, $2) }
            for (key, tally) in tail.places {
                if let texts = query.texts(of: key) {
                    try folding.add(texts, bucket: QuarterHour(containing: key.day.start), tally)
                }
            }
        } else {
            try query.forEachCounter(database, in: [query.range]) { try folding.add($0, bucket: $1, $2) }
            try forEachOfTail(query) { try folding.add($0, bucket: $1, $2) }
        }
        return CountTable(
            dimensions: query.dimensions, tallies: folding.tallies, periodStarts: folding.periodStarts,
            hasAdjustments: hasAdjustments)
    }

    /// What counts of the records that the counters do not have.
    func forEachOfTail(
        _ query: CountQuery, _ body: (_ texts: [String], _ bucket: QuarterHour, _ tally: CounterTally) throws -> Void
    ) rethrows {
        for (key, tally) in tail.tallies {
            if let texts = query.texts(of: key) { try body(texts, key.bucket, tally) }
        }
    }
}
