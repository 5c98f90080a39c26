import Attribution
import Foundation
import Hummingbird
import Ledger
import NIOCore
import Office
import Subscriptions

extension Pages {
    func addPartners(to group: RouterGroup<BackOfficeContext>) {
        group.get("/partners") { request, context in
            _ = try context.require(.auditor)
            return try await partners(request, PageReader(request, context))
        }
        group.get("/check") { request, context in
            _ = try context.require(.marketing)
            return try await check(request, PageReader(request, context))
        }
        group.get("/partners/:id") { request, context in
            let identity = try context.require(.auditor)
            return try await partner(try context.parameters.partnerID(), request, PageReader(request, context), identity)
        }
    }

    private static let pagePartners = 50
    /// Each is a question of its own to the counters.
    private static let mostLocations = 100

    /// Tells names of organisations and what decides about attribution, and no addresses: no line in the access log.
    private func partners(_ request: Request, _ reader: PageReader) async throws -> Response {
        let search = try PartnerSearch(
            text: request.query("search"), status: request.query("status"), after: request.query("after"))
        let found = try await desks.office { try $0.partners(search, limit: Self.pagePartners + 1) }
        let now = desks.now()
        var values: [String: Any] = [
            "search": search.text ?? "", "is-empty": found.isEmpty, "is-search": search.text != nil || search.status != nil,
        ]
        values["statuses"] = options(chosen: search.status) { sentence("status-" + $0.rawValue, reader) }
        // A note after an import, when it is true.
        let current = desks.partners().version
        values["imported-version"] = request.query("imported").flatMap { Int($0) }.flatMap { $0 == current ? String($0) : nil }
        values["partners"] = found.prefix(Self.pagePartners).map { partner in
            [
                "id": partner.id.description, "name": partner.name,
                "account": shown(partner.account.rawValue, of: .account, reader),
                "agreement": shown(partner.agreement.rawValue, of: .agreement, reader),
                "standing": standing(partner.standing, at: now, reader),
                "standing-key": partner.standing.outcome(at: now).0.rawValue,
            ]
        }
        if found.count > Self.pagePartners {
            let after = found[Self.pagePartners - 1].id
            let asked = [("after", after.description), ("search", search.text), ("status", search.status?.rawValue)]
            values["next"] = "/partners?" + FormText.query(asked.compactMap { name, text in text.map { (name, $0) } })
        }
        return try renderer.page("partners", title: "partners", values, for: reader)
    }

    private func check(_ request: Request, _ reader: PageReader) async throws -> Response {
        var values: [String: Any] = ["id": request.query("id") ?? ""]
        if let text = request.query("id") {
            let check = try await desks.check(String(text.prefix(200)))
            values["has-answer"] = true
            values["is-usable"] = check.usable
            values["outcome"] = check.outcome
            values["verdict"] = sentence(check.usable ? "check-usable" : "check-" + check.outcome, reader)
            values["reason"] = check.reason.map { sentence("reason-" + $0, reader) } ?? ""
            values["dates"] = [(PartnerColumn.validFrom, check.validFrom), (.validTo, check.validTo)].compactMap { column, day in
                day.map { ["name": sentence("column-" + column.rawValue, reader), "text": shown($0, of: column, reader)] }
            }
            values["remedy"] = check.usable ? "" : remedy(of: check, reader)
            values["partner-id"] = check.id ?? ""
            values["name"] = check.name ?? ""
            values["kit"] = check.name == nil ? nil : check.id.map { "/partners/\($0)/kit" }
            values["has-partner"] = check.name != nil && reader.may(.auditor)
            values["remarks"] = check.remarks.map { sentence("remark-" + $0.rawValue, reader) }
            if let since = check.since.flatMap({ Timestamp(rfc3339: $0) }) {
                values["since"] = reader.format.time(since)
                values["since-utc"] = reader.format.utc(since)
            }
        }
        return try renderer.page("check", title: "check", values, for: reader)
    }

    /// What to do, where the verdict does not say it itself.
    private func remedy(of check: PartnerCheck, _ reader: PageReader) -> String {
        switch Outcome(rawValue: check.outcome) {
        case .suspended, .expired, .malformed, .missing: sentence("remedy-" + (check.reason ?? check.outcome), reader)
        default: ""
        }
    }

    private struct PartnerCase: Sendable {
        let history: [PartnerHistoryEntry]
        let locations: [PartnerID]
        let kit: KitSubject?
        let subscriptions: Int
    }

    private func partner(_ id: PartnerID, _ request: Request, _ reader: PageReader, _ identity: Identity) async throws -> Response
    {
        let known = try await desks.office {
            PartnerCase(
                history: try $0.history(of: id), locations: try $0.locations(of: id), kit: try KitSubject(id, $0),
                subscriptions: try $0.subscriptionCount(of: id))
        }
        guard let entry = known.history.last else { throw Problem.notFound("partner \(id) is not in the directory") }
        let zone = reader.format.timeZone
        let range = CountRange(
            days: request.query("days"), since: request.query("since"), until: request.query("until"),
            today: reader.format.day(of: desks.now()))
        // A global account's figures are those of all its locations.
        let locations = known.locations.prefix(Self.mostLocations)
        let ids = [id] + locations
        var filter = RecordFilter()
        filter.partner = id
        let records = filter
        let all = Set(([id] + known.locations).map(\.description))
        let (tables, total, latest) = try await desks.ledger.read { ledger in
            let tables = try ledger.counts(
                ids.map {
                    try range.query(by: [range.period, .outcome], filters: [CountFilter(.partner, $0.description)], zone: zone)
                })
            let totals =
                locations.count == known.locations.count
                ? tables.map(\.total)
                : try ledger.counts(range.query(by: [.partner], zone: zone)).lines.filter { all.contains($0.values[0]) }
                    .map(\.tally)
            return (
                tables, totals.reduce(into: CounterTally()) { $0 += $1 }, try ledger.page(matching: records, limit: 10).records
            )
        }
        try await desks.note(identity, .partnerRead, id.description)
        let now = desks.now()
        var values = rangeValues(range, reader, path: "/partners/\(id)")
        values["id"] = id.description
        values["name"] = entry.partner.name
        values["standing"] = standing(entry.partner.standing, at: now, reader)
        values["standing-key"] = entry.partner.standing.outcome(at: now).0.rawValue
        values["fields"] = PartnerColumn.allCases.filter { $0 != .id && $0 != .name && !entry.partner[$0].isEmpty }.map {
            column in
            ["name": sentence("column-" + column.rawValue, reader), "text": shown(entry.partner[column], of: column, reader)]
        }
        values["locations"] = zip(ids, tables).dropFirst().map { location, table in
            [
                "id": location.description, "requests": reader.format.number(table.total.requests),
                "attributed": reader.format.number(table.total.attributed), "net": reader.format.number(table.total.net),
            ]
        }
        values["has-locations"] = !locations.isEmpty
        values["locations-are-cut"] = known.locations.count > locations.count
        values["requests"] = reader.format.number(total.requests)
        values["attributed"] = reader.format.number(total.attributed)
        values["net"] = reader.format.number(total.net)
        values["has-net"] = tables.contains(where: \.hasAdjustments)
        let overTime = CountTable.sum(tables)
        values["chart"] = chart(overTime, range, reader, isNumbered: true).svg
        values["outcomes"] = outcomeRows(overTime, nil, reader)
        values["records"] = latest.map { row($0, reader) }
        values["is-empty"] = latest.isEmpty
        values["subscription-count"] = reader.format.number(Int64(known.subscriptions))
        if let kit = known.kit { values.merge(kitForm(kit, reader)) { $1 } }
        values["months"] = Self.lastMonths(before: reader.format.day(of: now)).map(\.description)
        var previous: Partner?
        values["history"] = known.history.map { entry -> [String: Any] in
            defer { previous = entry.partner }
            let changes = self.changes(PartnerDifference(old: previous, new: entry.partner), reader)
            return [
                "time": reader.format.time(entry.version.learnedAt), "utc": reader.format.utc(entry.version.learnedAt),
                "version": entry.version.number, "source": entry.version.source, "changes": changes,
            ]
        }
        return try renderer.page("partner", title: "partner", values, for: reader)
    }

    static func lastMonths(before day: CalendarDay) -> [CalendarMonth] {
        Array(sequence(first: CalendarMonth(containing: day)) { $0.previous }.prefix(12))
    }
}
