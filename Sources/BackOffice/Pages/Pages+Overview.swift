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

    /// What the counters say for an overview.
    private struct Figures: Sendable {
        let total: CounterTally
        let before: CounterTally
        let byOutcome: CountTable
        let breakdowns: [(key: String, dimension: CountDimension, table: CountTable)]
        let partners: CountTable
    }

    private static let breakdowns: [(key: String, dimensions: [CountDimension])] = [
        ("endpoint", [.route]), ("origin", [.origin]), ("campaign", [.campaign]),
    ]

    private func overview(_ request: Request, _ reader: PageReader) async throws -> Response {
        let zone = reader.format.timeZone
        let range = CountRange(
            days: request.query("days"), since: request.query("since"), until: request.query("until"),
            today: reader.format.day(of: desks.now()))
        let figures = try await desks.ledger.read { ledger in
            Figures(
                total: try ledger.counts(range.query(by: [], zone: zone)).total,
                before: try ledger.counts(range.query(by: [], zone: zone, isBefore: true)).total,
                byOutcome: try ledger.counts(range.query(by: [range.period, .outcome], zone: zone)),
                breakdowns: try Self.breakdowns.map {
                    ($0.key, $0.dimensions[0], try ledger.counts(range.query(by: $0.dimensions, zone: zone)))
                },
                partners: try ledger.counts(range.query(by: [.partner], zone: zone)))
        }
        let names = try await partnerNames(figures.partners)
        let lost = try await LostAttribution.find(desks, from: range.first, through: range.last)
        var values = rangeValues(range, reader, path: "/overview")
        values["cards"] = cards(figures.total, before: figures.before, reader)
        values["is-empty"] = figures.total.requests == 0 && figures.before.requests == 0
        values["chart"] = chart(figures.byOutcome, range, reader).svg
        values["legend"] = Self.outcomes.map { outcome in
            ["key": outcome.rawValue, "name": sentence("outcome-" + outcome.rawValue, reader)]
        }
        values["breakdowns"] = figures.breakdowns.map { key, _, table in
            [
                "title": sentence("by-" + key, reader),
                "rows": rows(table, reader) { $0.isEmpty ? sentence("none", reader) : $0 },
            ] as [String: Any]
        }
        values["has-lost"] = !lost.unknown.isEmpty || !lost.unmatched.isEmpty
        values["unknown"] = lost.unknown.map { unknown in
            [
                "id": unknown.id, "requests": reader.format.number(unknown.requests),
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
        values["partners"] = rows(figures.partners, reader, leavingOut: "") { id in names[id].map { "\(id) · \($0)" } ?? id }
        return try renderer.page("overview", title: "overview", values, for: reader)
    }

    private static let outcomes = Outcome.allCases

    func rangeValues(_ range: CountRange, _ reader: PageReader, path: String) -> [String: Any] {
        [
            "path": path, "since": range.first.description, "until": range.last.description,
            "zone": reader.format.zoneName,
            "choices": CountRange.choices.map { days in
                [
                    "days": days, "text": sentence("days-\(days)", reader),
                    "is-chosen": range.choice == days,
                ] as [String: Any]
            },
        ]
    }

    private func cards(_ total: CounterTally, before: CounterTally, _ reader: PageReader) -> [[String: Any]] {
        func card(_ key: String, _ value: String, _ now: Int64, _ then: Int64) -> [String: Any] {
            let text = sentence(key, reader)
            let change = then > 0 ? (now >= then ? "+" : "") + reader.format.share(now - then, of: then) : "–"
            return [
                "name": text, "value": value, "change": change,
                "meaning": sentence(key + "-meaning", reader),
            ]
        }
        return [
            card("requests", reader.format.number(total.requests), total.requests, before.requests),
            card("visits", reader.format.number(total.visits), total.visits, before.visits),
            card("unique", reader.format.number(total.unique), total.unique, before.unique),
            card(
                "attributed-share", reader.format.share(total.attributed, of: total.requests), total.attributed,
                before.attributed),
        ]
    }

    func chart(_ table: CountTable, _ range: CountRange, _ reader: PageReader) -> BarChart {
        var bars: [(label: String, values: [Int64])] = []
        for line in table.lines {
            guard let place = Self.outcomes.firstIndex(where: { $0.rawValue == line.values[1] }) else { continue }
            if bars.last?.label != line.values[0] {
                bars.append((line.values[0], [Int64](repeating: 0, count: Self.outcomes.count)))
            }
            bars[bars.count - 1].values[place] += line.tally.requests
        }
        return BarChart(
            series: Self.outcomes.map { ($0.rawValue, sentence("outcome-" + $0.rawValue, reader)) },
            bars: bars.map { BarChart.Bar(label: $0.label, values: $0.values) },
            title: sentence("chart-title", reader), format: reader.format)
    }

    private static let mostRows = 10

    /// The largest lines of a table by one dimension.
    private func rows(
        _ table: CountTable, _ reader: PageReader, leavingOut left: String? = nil, name: (String) -> String
    ) -> [[String: Any]] {
        let lines = table.lines.filter { $0.values[0] != left }.sorted { $0.tally.requests > $1.tally.requests }
        let most = lines.first?.tally.requests ?? 0
        return lines.prefix(Self.mostRows).map { line in
            [
                "value": line.values[0], "name": name(line.values[0]), "requests": reader.format.number(line.tally.requests),
                "visits": reader.format.number(line.tally.visits), "unique": reader.format.number(line.tally.unique),
                "attributed": reader.format.number(line.tally.net),
                "share": reader.format.share(line.tally.net, of: line.tally.requests),
                // Of a hundred, for the bar behind the name.
                "part": most > 0 ? line.tally.requests * 100 / most : 0,
            ] as [String: Any]
        }
    }

    private func partnerNames(_ table: CountTable) async throws -> [String: String] {
        let ids = table.lines.sorted { $0.tally.requests > $1.tally.requests }.prefix(Self.mostRows + 1)
            .compactMap { PartnerID($0.values[0]) }
        return try await desks.office { office in
            var names: [String: String] = [:]
            for id in ids { names[id.description] = try office.partner(id)?.name }
            return names
        }
    }
}

// MARK: - Origins

extension Pages {
    private static let originDimensions: [CountDimension] = [
        .origin, .campaign, .route, .edition, .action, .outcome, .reason, .partner, .client, .clientOS, .hour, .day, .week,
        .month,
    ]

    private func origins(_ request: Request, _ reader: PageReader) async throws -> Response {
        let range = CountRange(
            days: request.query("days"), since: request.query("since"), until: request.query("until"),
            today: reader.format.day(of: desks.now()))
        let zone = try request.query("timezone").map { try CountQuery.zone($0) } ?? reader.format.timeZone
        let first = dimension(request.query("first")) ?? .origin
        let second = dimension(request.query("second")).flatMap { $0 == first ? nil : $0 }
        let dimensions = [first] + (second.map { [$0] } ?? [])
        let table = try await desks.ledger.read { try $0.counts(range.query(by: dimensions, zone: zone)) }
        var values = rangeValues(range, reader, path: "/origins")
        values["zone"] = PageFormat(language: reader.language, timeZone: zone).zoneName
        func options(_ chosen: CountDimension?) -> [[String: Any]] {
            Self.originDimensions.map { dimension in
                [
                    "value": dimension.rawValue,
                    "text": sentence("dimension-" + dimension.rawValue, reader),
                    "is-chosen": dimension == chosen,
                ]
            }
        }
        values["first-options"] = options(first)
        values["second-options"] = options(second)
        values["has-second"] = second != nil
        values["first-name"] = sentence("dimension-" + first.rawValue, reader)
        values["second-name"] = second.map { sentence("dimension-" + $0.rawValue, reader) } ?? ""
        values["is-empty"] = table.lines.isEmpty
        values["lines"] = table.lines.prefix(Self.mostLines).map { line in
            [
                "first": line.values[0], "second": line.values.count > 1 ? line.values[1] : "", "has-second": second != nil,
                "requests": reader.format.number(line.tally.requests), "visits": reader.format.number(line.tally.visits),
                "unique": reader.format.number(line.tally.unique), "attributed": reader.format.number(line.tally.attributed),
                "net": reader.format.number(line.tally.net),
            ] as [String: Any]
        }
        values["is-cut"] = table.lines.count > Self.mostLines
        values["csv"] =
            "/api/v1/counts.csv?by=\(dimensions.map(\.rawValue).joined(separator: ","))&since=\(range.first)"
            + "&until=\(range.last)&timezone=\(Self.escaped(zone.identifier))"
        return try renderer.page("origins", title: "origins", values, for: reader)
    }

    private static let mostLines = 1_000

    private func dimension(_ name: String?) -> CountDimension? {
        name.flatMap(CountDimension.init(rawValue:)).flatMap { Self.originDimensions.contains($0) ? $0 : nil }
    }
}
