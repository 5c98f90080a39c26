import Attribution
import Foundation
import Hummingbird
import Ledger

/// What somebody asks the page Origins, and what of it makes no sense.
struct OriginsQuestion: Sendable {
    let range: CountRange
    let zone: TimeZone
    /// As given, also when there is no such zone.
    let zoneName: String
    let first: CountDimension
    let second: CountDimension?
    let measure: CountMeasure
    /// Keys of sentences; empty when there is nothing to say.
    let faults: [String]

    static let dimensions: [CountDimension] = [
        .origin, .campaign, .route, .edition, .action, .outcome, .reason, .partner, .client, .clientOS, .culture, .country,
        .hour, .day, .week, .month,
    ]
    /// No name of the tz database is longer.
    private static let mostZoneBytes = 64

    init(_ request: Request, _ reader: PageReader, now: Timestamp) {
        var faults: [String] = []
        let usual = reader.format.timeZone
        let name = request.query("timezone").map { String(decoding: $0.utf8.prefix(Self.mostZoneBytes), as: UTF8.self) }
        zoneName = name ?? reader.format.zoneName
        let zone = name.map { try? CountQuery.zone($0) } ?? usual
        if zone == nil { faults.append("zone-unknown") }
        self.zone = zone ?? usual
        range = CountRange(
            days: request.query("days"), since: request.query("since"), until: request.query("until"),
            today: PageFormat(language: reader.language, timeZone: self.zone).day(of: now))
        if range.isMistaken { faults.append("range-mistaken") }
        func chosen<Choice>(_ name: String, _ choice: (String) -> Choice?) -> Choice? {
            guard let text = request.query(name) else { return nil }
            let known = choice(text)
            if known == nil { faults.append("no-such-choice") }
            return known
        }
        let dimension = { (text: String) in
            CountDimension(rawValue: text).flatMap { Self.dimensions.contains($0) ? $0 : nil }
        }
        let first = chosen("first", dimension) ?? .origin
        let second = chosen("second", dimension)
        measure = chosen("measure", CountMeasure.init(rawValue:)) ?? .requests
        self.first = first
        self.second = second == first ? nil : second
        if let second, first.isPeriod, second.isPeriod { faults.append("two-periods") }
        self.faults = faults
    }

    var dimensions: [CountDimension] { [first] + (second.map { [$0] } ?? []) }

    /// The dimension that is a period.
    var period: CountDimension? { dimensions.first(where: \.isPeriod) }

    func query() throws -> CountQuery { try range.query(by: dimensions, zone: zone) }

    /// The same question, of days that are chosen otherwise.
    func link(days: Int) -> String {
        var query = [("first", first.rawValue)]
        if let second { query.append(("second", second.rawValue)) }
        query += [("measure", measure.rawValue), ("timezone", zoneName), ("days", "\(days)")]
        return "/origins?" + FormText.query(query)
    }

    /// Where the same question is answered as CSV.
    var csv: String {
        "/api/v1/counts.csv?"
            + FormText.query([
                ("by", dimensions.map(\.rawValue).joined(separator: ",")), ("since", range.first.description),
                ("until", range.last.description), ("timezone", zone.identifier),
            ])
    }
}
