import Attribution
import Foundation
import Ledger

/// Where a count leads: to its records for who may read them, to Origins for everybody.
struct CountLinks: Sendable {
    let range: CountRange
    private let readsLog: Bool
    /// What the log takes for the range's days, both included: it takes days as those of UTC.
    private let since: String
    private let until: String

    /// - Parameters:
    ///   - zone: whose days the range has.
    ///   - readsLog: whether the reader may read records.
    init(range: CountRange, zone: TimeZone, readsLog: Bool) {
        (self.range, self.readsLog) = (range, readsLog)
        let periods = CountPeriods(timeZone: zone)
        since = periods.isUTC ? range.first.description : Self.moment(periods.start(of: range.first))
        until = periods.isUTC ? range.last.description : Self.moment(periods.start(of: range.last.next))
    }

    /// What the log can be filtered by.
    private static let parts: [CountDimension: RecordFilter.Part] = [
        .route: .route, .origin: .origin, .campaign: .campaign, .outcome: .outcome, .reason: .reason, .partner: .partner,
        .client: .client,
    ]

    /// The sign-ups that have some values; nil when the log can't be asked for them, or the reader may not.
    func log(_ values: [(dimension: CountDimension, value: String)] = []) -> String? {
        guard readsLog else { return nil }
        // Counters know a partner from when the directory has it, records from when it was first sent.
        let dimensions = values.map(\.dimension)
        if dimensions.contains(.partner), !dimensions.contains(.outcome) { return nil }
        var query = [(name: "since", value: since), ("until", until), ("kind", RecordKind.signup.rawValue)]
        for (dimension, value) in values {
            // What has no value, and the campaigns that are counted together, no filter finds.
            guard let part = Self.parts[dimension], !value.isEmpty, value != CampaignDays.other else { return nil }
            query.append((part.rawValue, value))
        }
        return "/log?" + FormText.query(query)
    }

    /// The same days by other dimensions.
    func origins(
        _ first: CountDimension, _ second: CountDimension? = nil, measure: CountMeasure = .requests, zone: TimeZone? = nil
    ) -> String {
        var query = [(name: "first", value: first.rawValue)]
        if let second { query.append(("second", second.rawValue)) }
        query += [("measure", measure.rawValue), ("since", range.first.description), ("until", range.last.description)]
        if let zone { query.append(("timezone", PageFormat.name(of: zone))) }
        return "/origins?" + FormText.query(query)
    }

    private static func moment(_ bucket: QuarterHour) -> String { bucket.start.description.prefix(19) + "Z" }
}
