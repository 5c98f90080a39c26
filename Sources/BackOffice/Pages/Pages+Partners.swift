import Attribution
import Foundation
import Hummingbird
import Ledger
import NIOCore
import Office

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
        group.get("/partners/new") { request, context in
            _ = try context.require(.admin)
            return try editPage(nil, PageReader(request, context), fault: nil)
        }
        group.post("/partners/new") { request, context in
            let identity = try context.require(.admin)
            let form = try await PageForm(request, identity)
            return try await save(form, id: form["id"] ?? "", PageReader(request, context), identity)
        }
        group.get("/partners/:id") { request, context in
            let identity = try context.require(.auditor)
            return try await partner(try context.parameters.partnerID(), request, PageReader(request, context), identity)
        }
        group.get("/partners/:id/edit") { request, context in
            _ = try context.require(.admin)
            let id = try context.parameters.partnerID()
            guard let partner = try await desks.office({ try $0.partner(id) }) else {
                throw Problem.notFound("partner \(id) is not in the directory")
            }
            return try editPage(partner, PageReader(request, context), fault: nil)
        }
        group.post("/partners/:id/edit") { request, context in
            let identity = try context.require(.admin)
            let form = try await PageForm(request, identity)
            return try await save(
                form, id: context.parameters.get("id") ?? "", PageReader(request, context), identity)
        }
        group.get("/partners/:id/statement") { request, context in
            let identity = try context.require(.auditor)
            return try await statement(try context.parameters.partnerID(), request, PageReader(request, context), identity)
        }
    }

    private static let pagePartners = 50

    private func partners(_ request: Request, _ reader: PageReader) async throws -> Response {
        let search = try PartnerSearch(
            text: request.query("search"), status: request.query("status"), after: request.query("after"))
        let found = try await desks.office { try $0.partners(search, limit: Self.pagePartners + 1) }
        let now = desks.now()
        var values: [String: Any] = ["search": search.text ?? "", "is-empty": found.isEmpty, "is-search": search.text != nil]
        values["partners"] = found.prefix(Self.pagePartners).map { partner in
            [
                "id": partner.id.description, "name": partner.name, "account": partner.account.rawValue,
                "agreement": partner.agreement.rawValue, "standing": standing(partner.standing, at: now, reader),
                "standing-key": partner.standing.outcome(at: now).0.rawValue,
            ]
        }
        if found.count > Self.pagePartners {
            let after = found[Self.pagePartners - 1].id
            values["next"] = "/partners?after=\(after)" + (search.text.map { "&search=" + Self.escaped($0) } ?? "")
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
            values["partner-id"] = check.id ?? ""
            values["name"] = check.name ?? ""
            values["has-partner"] = check.name != nil && reader.may(.auditor)
            values["remarks"] = check.remarks.map { sentence("remark-" + $0.rawValue, reader) }
            if let since = check.since.flatMap({ Timestamp(rfc3339: $0) }) {
                values["since"] = reader.format.time(since)
                values["since-utc"] = reader.format.utc(since)
            }
        }
        return try renderer.page("check", title: "check", values, for: reader)
    }

    private struct PartnerCase: Sendable {
        let history: [PartnerHistoryEntry]
        let locations: [PartnerID]
    }

    private func partner(_ id: PartnerID, _ request: Request, _ reader: PageReader, _ identity: Identity) async throws -> Response
    {
        let known = try await desks.office {
            PartnerCase(history: try $0.history(of: id), locations: try $0.locations(of: id))
        }
        guard let entry = known.history.last else { throw Problem.notFound("partner \(id) is not in the directory") }
        let zone = reader.format.timeZone
        let range = CountRange(
            days: request.query("days"), since: request.query("since"), until: request.query("until"),
            today: reader.format.day(of: desks.now()))
        // A global account's figures are those of all its locations.
        let ids = [id] + known.locations
        var filter = RecordFilter()
        filter.partner = id
        let records = filter
        let (tables, latest) = try await desks.ledger.read { ledger in
            (
                try ids.map {
                    try ledger.counts(
                        range.query(by: [range.period, .outcome], filters: [CountFilter(.partner, $0.description)], zone: zone))
                }, try ledger.page(matching: records, limit: 10).records
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
            ["name": sentence("column-" + column.rawValue, reader), "text": entry.partner[column]]
        }
        values["locations"] = zip(ids, tables).dropFirst().map { location, table in
            [
                "id": location.description, "requests": reader.format.number(table.total.requests),
                "attributed": reader.format.number(table.total.net),
            ]
        }
        values["has-locations"] = !known.locations.isEmpty
        let total = tables.reduce(into: CounterTally()) { $0 += $1.total }
        values["requests"] = reader.format.number(total.requests)
        values["attributed"] = reader.format.number(total.net)
        values["chart"] = chart(CountTable.sum(tables), range, reader).svg
        values["records"] = latest.map { row($0, reader) }
        values["is-empty"] = latest.isEmpty
        values["months"] = Self.lastMonths(before: reader.format.day(of: now)).map(\.description)
        var previous: Partner?
        values["history"] = known.history.map { entry -> [String: Any] in
            defer { previous = entry.partner }
            let changes = PartnerDifference(old: previous, new: entry.partner).fields.map { field in
                "\(field.field): \(field.old.isEmpty ? "–" : field.old) → \(field.new.isEmpty ? "–" : field.new)"
            }
            return [
                "time": reader.format.time(entry.version.learnedAt), "utc": reader.format.utc(entry.version.learnedAt),
                "version": entry.version.number, "source": entry.version.source, "changes": changes,
            ]
        }
        return try renderer.page("partner", title: "partner", values, for: reader)
    }

    private static func lastMonths(before day: CalendarDay) -> [CalendarMonth] {
        var month = CalendarMonth(containing: day)
        return (0..<12).map { _ in
            defer { month = CalendarMonth(containing: CalendarDay(daysSinceEpoch: month.first.daysSinceEpoch - 1)) }
            return month
        }
    }

    private static let statementRecords = 5_000

    private func statement(_ id: PartnerID, _ request: Request, _ reader: PageReader, _ identity: Identity) async throws
        -> Response
    {
        guard let month = request.query("month").flatMap({ CalendarMonth($0) }) else {
            throw Problem.invalidRequest("month is \(PartnerText.quoted(request.query("month") ?? "")), expected YYYY-MM")
        }
        var filter = RecordFilter()
        filter.partner = id
        (filter.since, filter.until) = (month.first.start, month.next.first.start)
        let wanted = filter
        let page = try await desks.ledger.read { try $0.page(matching: wanted, limit: Self.statementRecords) }
        let name = try await desks.office { try $0.partner(id)?.name } ?? ""
        try await desks.note(identity, .statement, "\(id) \(month)")
        let signups = page.records.filter { $0.text(.kind) == AdjustmentDraft.signupKind }
        let values: [String: Any] = [
            "id": id.description, "name": name, "month": month.description,
            "records": page.records.reversed().map { row($0, reader) }, "is-empty": page.records.isEmpty,
            "is-cut": page.next != nil,
            "attributed": reader.format.number(Int64(signups.count { $0.text(.outcome) == Outcome.attributed.rawValue })),
            "adjusted": reader.format.number(Int64(page.records.count - signups.count)),
            "not-attributed": reader.format.number(Int64(signups.count { $0.text(.outcome) != Outcome.attributed.rawValue })),
            "csv": "/api/v1/partners/\(id)/statement.csv?month=\(month)",
        ]
        return try renderer.page("statement", title: "statement", values, for: reader)
    }

    private static let editedColumns: [PartnerColumn] = [
        .name, .status, .statusReason, .account, .parent, .agreement, .email, .language, .validFrom, .validTo, .programs,
    ]

    private func editPage(
        _ partner: Partner?, _ reader: PageReader, fault: String?, given: (PartnerColumn) -> String? = { _ in nil }
    )
        throws -> Response
    {
        var values: [String: Any] = ["is-new": partner == nil, "id": partner?.id.description ?? given(.id) ?? ""]
        values["fields"] = Self.editedColumns.map { column in
            let value = given(column) ?? partner.map { $0[column] } ?? ""
            return [
                "name": column.rawValue, "text": sentence("column-" + column.rawValue, reader),
                "value": value, "is-choice": column.choices != nil, "is-day": column == .validFrom || column == .validTo,
                "is-text": column.choices == nil && column != .validFrom && column != .validTo,
                "choices": (column.choices ?? []).map { ["value": $0, "is-chosen": $0 == value] as [String: Any] },
            ] as [String: Any]
        }
        values["fault"] = fault
        return try renderer.page(
            "partner-edit", title: partner == nil ? "partner-new" : "partner-edit", values, for: reader,
            status: fault == nil ? .ok : .unprocessableContent)
    }

    private func save(_ form: PageForm, id text: String, _ reader: PageReader, _ identity: Identity) async throws -> Response {
        do {
            let id: PartnerID
            do throws(PartnerFault) { id = try PartnerText.id(text) } catch { throw Problem.invalidRequest(error.message) }
            let patch = PartnerPatch(
                fields: Dictionary(uniqueKeysWithValues: Self.editedColumns.map { ($0, form[$0.rawValue] ?? "") }))
            let report = try await desks.directory.setPartner(
                try patch.change(of: id), source: "pages by \(identity.name)", dryRun: false)
            if let version = report.directoryVersion {
                try await desks.note(identity, .partnerChange, "\(id), directory version \(version)")
            }
            return .seeOther("/partners/\(id)")
        } catch {
            let partner = try await desks.office { office in try PartnerID(text).flatMap { try office.partner($0) } }
            return try editPage(partner, reader, fault: Problem(error).detail) { form[$0.rawValue] }
        }
    }
}

extension PartnerColumn {
    /// The words of a closed set; nil for a text.
    fileprivate var choices: [String]? {
        switch self {
        case .status: PartnerStanding.Status.allCases.map(\.rawValue)
        case .statusReason: [""] + PartnerStanding.StatusReason.allCases.map(\.rawValue)
        case .account: Partner.Account.allCases.map(\.rawValue)
        case .agreement: Partner.Agreement.allCases.map(\.rawValue)
        default: nil
        }
    }
}
