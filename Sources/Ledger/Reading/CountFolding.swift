internal import Attribution

/// Adds counters up by the dimensions that were asked for: the plain way, which needs nothing but the ledger.
struct CountFolding {
    private let query: CountQuery
    private let hasPeriods: Bool
    private var labels: [QuarterHour: [String]] = [:]
    private(set) var tallies: [[String]: CounterTally] = [:]
    /// The earliest quarter hour of each period that was met.
    private(set) var periodStarts: [String: QuarterHour] = [:]

    init(_ query: CountQuery) {
        self.query = query
        hasPeriods = query.dimensions.contains(where: \.isPeriod)
    }

    /// - Parameter texts: the values of the dimensions that are no periods, in the order of the query.
    /// - Throws: ``CountQueryError/offQuarterHours(zone:day:)``, ``CountQueryError/tooManyLines(_:)``
    mutating func add(_ texts: [String], bucket: QuarterHour, _ tally: CounterTally) throws(CountQueryError) {
        var texts = texts.makeIterator()
        var periods = (hasPeriods ? try labels(of: bucket) : []).makeIterator()
        let values = query.dimensions.map { ($0.isPeriod ? periods.next() : texts.next()) ?? "" }
        tallies[values, default: CounterTally()] += tally
        try query.requireRoom(forLines: tallies.count)
    }

    /// The periods that the query asks for, in its order. Time zones are slow to ask.
    private mutating func labels(of bucket: QuarterHour) throws(CountQueryError) -> [String] {
        if let known = labels[bucket] { return known }
        try query.periods.requireQuarterHours(at: bucket)
        let made = query.dimensions.filter(\.isPeriod).map { query.periods.label($0, of: bucket) }
        labels[bucket] = made
        for label in made { periodStarts[label] = min(periodStarts[label] ?? bucket, bucket) }
        return made
    }
}
