import Attribution
import Foundation
import Hummingbird
import Ledger
import Office

extension Pages {
    func addOverview(to group: RouterGroup<BackOfficeContext>) {
        group.get("/overview") { request, context in
            _ = try context.require(.marketing)
            return try await overview(request, PageReader(request, context))
        }
        group.get("/origins") { request, context in
            _ = try context.require(.marketing)
            return try await origins(request, PageReader(request, context))
        }
    }

    private func overview(_ request: Request, _ reader: PageReader) async throws -> Response {
        let zone = reader.format.timeZone
        let range = CountRange(
            days: request.query("days"), since: request.query("since"), until: request.query("until"),
            today: reader.format.day(of: desks.now()))
        let now = desks.now()
        async let lost = LostAttribution.find(desks, from: range.first, through: range.last)
        let figures = try await desks.ledger.read { try OverviewFigures.read($0, range, now: now, zone: zone) }
        let names = try await partnerNames(figures.partners.largest(Self.mostRows, leavingOut: "").map(\.values[0]))
        let links = CountLinks(range: range, zone: zone, readsLog: reader.may(.auditor))
        var values = rangeValues(range, reader, path: "/overview")
        values["open-conflicts"] = try await openConflicts(reader)
        values["is-empty"] = !figures.hasRecords
        values["is-quiet"] = figures.hasRecords && figures.total.requests == 0
        values["against"] = sentence(range.isUnderWay(at: now, zone: zone) ? "against-before-so-far" : "against-before", reader)
        values["cards"] = cards(figures, links, reader)
        values["chart"] = chart(figures.overTime, range, reader, isNumbered: true).svg
        values["outcomes"] = outcomeRows(figures.reasons, links, reader)
        values["origins-link"] = links.origins(range.period, .outcome)
        values["breakdowns"] = figures.breakdowns.map { breakdown($0, links, reader) }
        values["has-net"] = figures.hasAdjustments
        values["partners"] = rows(
            figures.partners, links, reader, leavingOut: "",
            named: { values in names[values[0]].map { "\(values[0]) · \($0)" } ?? values[0] },
            leadingTo: { reader.may(.auditor) ? "/partners/\($0[0])" : nil })
        let reasons = reasonRows(figures.reasons, links, reader)
        values["reasons"] = reasons
        values["has-reasons"] = !reasons.isEmpty
        // They are counted by days of UTC.
        addLost(try await lost, CountLinks(range: range, zone: .gmt, readsLog: reader.may(.auditor)), to: &values, reader)
        return try renderer.page(
            "overview", title: "overview", values, for: reader, status: range.isMistaken ? .badRequest : .ok)
    }

    /// The values of the form for days, which several pages have.
    func rangeValues(_ range: CountRange, _ reader: PageReader, path: String) -> [String: Any] {
        [
            "path": path, "since": range.first.description, "until": range.last.description,
            "zone": reader.format.zoneName, "range-mistaken": range.isMistaken,
            "choices": CountRange.choices.map { days in
                [
                    "days": days, "text": sentence("days-\(days)", reader),
                    "is-chosen": range.choice == days,
                ] as [String: Any]
            },
        ]
    }

    /// - Parameter table: by a period and by outcome.
    func chart(_ table: CountTable, _ range: CountRange, _ reader: PageReader, isNumbered: Bool = false) -> BarChart {
        let labels = range.labels(of: table.dimensions[0], zone: reader.format.timeZone) ?? []
        let places = Dictionary(uniqueKeysWithValues: zip(labels, 0...))
        var bars = labels.map { (label: $0, values: [Int64](repeating: 0, count: Outcome.allCases.count)) }
        for line in table.lines {
            guard let bar = places[line.values[0]],
                let part = Outcome.allCases.firstIndex(where: { $0.rawValue == line.values[1] })
            else { continue }
            bars[bar].values[part] += line.tally.requests
        }
        return BarChart(
            series: Outcome.allCases.map { ($0.rawValue, sentence("outcome-" + $0.rawValue, reader)) },
            bars: bars.map { BarChart.Bar(label: $0.label, values: $0.values) },
            title: sentence("chart-title", reader), format: reader.format, isNumbered: isNumbered)
    }

    static let mostRows = 10

    /// Names of the directory by ID; who is not in it has none.
    func partnerNames(_ ids: [String]) async throws -> [String: String] {
        let ids = ids.compactMap { PartnerID($0) }
        return try await desks.office { office in
            var names: [String: String] = [:]
            for id in ids { names[id.description] = try office.partner(id)?.name }
            return names
        }
    }

    private func addLost(
        _ lost: LostAttribution, _ links: CountLinks, to values: inout [String: Any], _ reader: PageReader
    ) {
        values["has-lost"] = !lost.unknown.isEmpty || !lost.unmatched.isEmpty
        values["has-handshakes"] = !lost.handshakes.isEmpty
        values["handshakes"] = lost.handshakes.map { handshakeRow($0, reader) }
        values["unknown"] = lost.unknown.map { unknown in
            [
                "id": unknown.id, "requests": reader.format.number(unknown.requests),
                "link": links.log([(.outcome, Outcome.unknown.rawValue), (.partner, unknown.id)]) ?? "",
                "near": unknown.near.map { ["near-id": $0.id, "near-name": $0.name] },
            ] as [String: Any]
        }
        values["unmatched"] = lost.unmatched.map { unmatched in
            let latest = Timestamp(rfc3339: unmatched.latest)
            return [
                "path": unmatched.path, "requests": reader.format.number(unmatched.requests),
                "latest": latest.map { reader.format.time($0) } ?? "", "latest-utc": latest.map { reader.format.utc($0) } ?? "",
            ]
        }
    }
}
