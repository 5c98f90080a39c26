package import Attribution
package import Foundation

/// What is to be counted, and by what.
package struct CountQuery: Sendable {
    package let dimensions: [CountDimension]
    /// Only what has these values counts.
    package let filters: [CountFilter]
    /// The first quarter hour that counts.
    package let since: QuarterHour?
    /// The first that does not count any more.
    package let until: QuarterHour?
    package let periods: CountPeriods
    /// The answer has at most so many lines.
    package let mostLines: Int

    /// A quarter of what a spreadsheet takes; each takes some hundred bytes while it is counted.
    package static let usualMostLines = 250_000

    /// - Throws: ``CountQueryError`` when the counters cannot answer.
    package init(
        dimensions: [CountDimension],
        filters: [CountFilter] = [],
        since: QuarterHour? = nil,
        until: QuarterHour? = nil,
        timeZone: TimeZone = .gmt,
        mostLines: Int = CountQuery.usualMostLines
    ) throws(CountQueryError) {
        self.dimensions = dimensions
        self.filters = filters
        self.since = since
        self.until = until
        periods = CountPeriods(timeZone: timeZone)
        self.mostLines = mostLines
        precondition(filters.allSatisfy { !$0.dimension.isPlace && !$0.dimension.isPeriod })
        guard readsPlaces else { return }
        if let filter = filters.first { throw .notWithPlaces(filter.dimension) }
        if let other = dimensions.first(where: { !$0.isPlace && !$0.isPeriod }) { throw .notWithPlaces(other) }
        if dimensions.contains(.hour) { throw .notWithPlaces(.hour) }
        guard periods.isUTC else { throw .placesNeedUTC }
        for bound in [since, until] {
            if let bound, bound.number % QuarterHour.perDay != 0 { throw .placesNeedWholeDays }
        }
    }

    /// Called while lines are added up, so that what would not fit is not begun.
    func requireRoom(forLines count: Int) throws(CountQueryError) {
        if count > mostLines { throw .tooManyLines(mostLines) }
    }

    /// Whether the counters by culture and country answer.
    var readsPlaces: Bool { dimensions.contains(where: \.isPlace) }
}

/// A value that is counted alone; neither of a period nor of a place.
package struct CountFilter: Sendable, Hashable {
    package let dimension: CountDimension
    /// Empty: what has no value.
    package let value: String

    package init(_ dimension: CountDimension, _ value: String) {
        self.dimension = dimension
        self.value = dimension == .campaign ? CampaignDays.canonical(value) : value
    }
}

/// A count that cannot be had, and what can be had instead.
package enum CountQueryError: Error, Equatable, CustomStringConvertible {
    case notWithPlaces(CountDimension)
    case placesNeedUTC
    case placesNeedWholeDays
    /// The zone was no whole number of quarter hours from UTC on a day of the zone that has counts.
    case offQuarterHours(zone: String, day: CalendarDay)
    case tooManyLines(Int)

    package var description: String {
        switch self {
        case .notWithPlaces(let dimension):
            "culture and country are counted by UTC day only, not together with \(dimension.rawValue); "
                + "ask for culture, country, day, week or month, or export the log"
        case .placesNeedUTC:
            "culture and country are counted by UTC day only; leave --timezone out, or export the log"
        case .placesNeedWholeDays:
            "culture and country are counted by UTC day only; give --since and --until as days"
        case .offQuarterHours(let zone, let day):
            "the time zone \(zone) was no whole number of quarter hours from UTC on \(day), and sign-ups are counted by those; "
                + "give --since a later day, or leave --timezone out"
        case .tooManyLines(let most):
            "the answer would have more than \(most) lines; ask by fewer dimensions, or for fewer days at a time"
        }
    }
}
