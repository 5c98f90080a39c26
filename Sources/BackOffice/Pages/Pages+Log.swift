import Attribution
import Hummingbird
import Ledger
import Office

extension Pages {
    func addLog(to group: RouterGroup<BackOfficeContext>) {
        group.get("/log") { request, context in
            try await log(request, PageReader(request, context), try context.require(.auditor))
        }
    }

    private static let pageRecords = 50
    private static let mostNew = 1_000

    private struct LogPage: Sendable {
        let page: RecordPage
        /// The ledger's last record when the log was opened.
        let seen: Int64
        /// Whether nothing newer was there then.
        let isFirst: Bool
        /// What has come since; nil on the page that opens the log.
        let new: RecordCount?
    }

    private func log(_ request: Request, _ reader: PageReader, _ identity: Identity) async throws -> Response {
        try request.requireQuery(of: RecordFilter.Part.allCases.map(\.rawValue) + LogPlace.parameters)
        let filter = try RecordFilter { request.query($0.rawValue) }
        let place = LogPlace(request)
        let found = try await desks.ledger.read { ledger in
            let last = try ledger.lastSequence()
            let seen = min(place.seen ?? last, last)
            let behind = seen == .max ? seen : seen + 1
            let new = try place.seen.map { _ in try ledger.count(matching: filter, after: seen, most: Self.mostNew) }
            if let after = place.after,
                let page = try ledger.page(matching: filter, after: after, before: behind, limit: Self.pageRecords)
            {
                return LogPage(page: page, seen: seen, isFirst: false, new: new)
            }
            let before = place.after == nil ? min(place.before ?? .max, behind) : behind
            return LogPage(
                page: try ledger.page(matching: filter, before: before, limit: Self.pageRecords), seen: seen,
                isFirst: before == behind, new: new)
        }
        let page = found.page
        let given = RecordFilter.Part.allCases.compactMap { part in request.query(part.rawValue).map { (part, $0) } }
        let parameters = given.map { (name: $0.0.rawValue, value: $0.1) }
        let query = FormText.query(parameters)
        let part = place.before.map { "&before=\($0)" } ?? place.after.map { "&after=\($0)" } ?? ""
        try await desks.note(identity, .logRead, RecordFilter.summary { request.query($0.rawValue) } + part)
        var values: [String: Any] = [:]
        for (part, text) in given { values["filter-" + part.rawValue] = text }
        values["kinds"] = options(chosen: filter.kind) { sentence("kind-" + $0.rawValue, reader) }
        values["outcomes"] = options(chosen: filter.outcome) { sentence("outcome-" + $0.rawValue, reader) }
        values["reasons"] = options(chosen: filter.reason) { sentence("cause-" + $0.rawValue, reader) }
        values["clients"] = options(chosen: filter.client) { sentence("client-" + $0.rawValue, reader) }
        values["signatures"] = options(chosen: filter.signature) { sentence("signature-" + $0.rawValue, reader) }
        // Where no route looks for signatures, nobody looks for records by them.
        values["has-signatures"] =
            filter.signature != nil || desks.routes().routes.contains { $0.partner.signature != .off }
        values["is-utc"] = CountPeriods(timeZone: reader.format.timeZone).isUTC
        values["zone"] = reader.format.zoneName
        values["records"] = page.records.map { row($0, reader) }
        values["is-empty"] = page.records.isEmpty
        values["has-filter"] = !given.isEmpty
        let opened = OpenedLog(seen: found.seen, openedAt: place.openedAt ?? desks.now())
        func link(_ place: OpenedLog.Parameters) -> String {
            "/log?" + FormText.query(parameters + place)
        }
        values["next"] = page.next.map { link(opened.before($0)) }
        if !found.isFirst, let newest = page.records.first?.number(.sequence) { values["newer"] = link(opened.after(newest)) }
        values["is-later"] = !found.isFirst
        values["first-page"] = "/log" + (query.isEmpty ? "" : "?" + query)
        values["csv"] = "/api/v1/log.csv" + (query.isEmpty ? "" : "?" + query)
        values["same-place"] = link(
            place.after.map(opened.after) ?? place.before.map(opened.before) ?? opened.parameters)
        values["opened"] = reader.format.clock(opened.openedAt)
        values["opened-utc"] = reader.format.utc(opened.openedAt)
        if let new = found.new {
            values["has-count"] = true
            values["new"] = new.number == 0 && new.isExact ? "" : reader.format.number(Int64(new.number))
            values["is-one-new"] = new.number == 1 && new.isExact
            values["is-more-new"] = !new.isExact
        }
        return try renderer.page("log", title: "log", values, for: reader)
    }
}
