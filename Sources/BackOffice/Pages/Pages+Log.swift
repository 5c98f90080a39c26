import Attribution
import Hummingbird
import Ledger
import Office

extension Pages {
    func addLog(to group: RouterGroup<BackOfficeContext>) {
        group.get("/log") { request, context in
            try await log(request, PageReader(request, context), try context.require(.auditor))
        }
        group.get("/log/:receipt") { request, context in
            let identity = try context.require(.auditor)
            return try await record(try Self.receipt(context), PageReader(request, context), identity, fault: nil)
        }
        group.post("/log/:receipt/adjustment") { request, context in
            let identity = try context.require(.admin)
            return try await adjust(request, try Self.receipt(context), PageReader(request, context), identity)
        }
    }

    private static func receipt(_ context: BackOfficeContext) throws -> Receipt {
        let text = context.parameters.get("receipt") ?? ""
        guard let receipt = Receipt(text) else { throw Problem.notFound("\(PartnerText.quoted(text)) is no receipt") }
        return receipt
    }

    private static let pageRecords = 50

    private func log(_ request: Request, _ reader: PageReader, _ identity: Identity) async throws -> Response {
        let filter = try RecordFilter { request.query($0.rawValue) }
        let before = request.query("before").flatMap { Int64($0) } ?? .max
        let page = try await desks.ledger.read { try $0.page(matching: filter, before: before, limit: Self.pageRecords) }
        try await desks.note(identity, .logRead, request.uri.query ?? "all")
        let given = RecordFilter.Part.allCases.compactMap { part in request.query(part.rawValue).map { (part, $0) } }
        let query = given.map { "\($0.0.rawValue)=\(Self.escaped($0.1))" }.joined(separator: "&")
        var values: [String: Any] = [:]
        for (part, text) in given { values["filter-" + part.rawValue] = text }
        values["outcomes"] = Outcome.allCases.map { outcome in
            [
                "value": outcome.rawValue, "text": sentence("outcome-" + outcome.rawValue, reader),
                "is-chosen": filter.outcome == outcome,
            ] as [String: Any]
        }
        values["clients"] = ClientKind.allCases.map { client in
            ["value": client.rawValue, "text": client.rawValue, "is-chosen": filter.client == client] as [String: Any]
        }
        values["records"] = page.records.map { row($0, reader) }
        values["is-empty"] = page.records.isEmpty
        values["has-filter"] = !given.isEmpty
        values["next"] = page.next.map { "/log?" + (query.isEmpty ? "" : query + "&") + "before=\($0)" }
        values["is-later"] = before != .max
        values["first-page"] = "/log" + (query.isEmpty ? "" : "?" + query)
        values["csv"] = "/api/v1/log.csv" + (query.isEmpty ? "" : "?" + query)
        return try renderer.page("log", title: "log", values, for: reader)
    }

    /// A text as a value of a query.
    static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte.isURIUnreserved { bytes.append(byte) } else { bytes.appendPercentEscape(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A record as a line of a table.
    func row(_ record: Record, _ reader: PageReader) -> [String: Any] {
        let time = record.text(.time).flatMap { Timestamp(rfc3339: $0) }
        let outcome = record.text(.outcome) ?? ""
        let isAdjustment = record.text(.kind) == AdjustmentDraft.kind
        return [
            "time": time.map { reader.format.time($0) } ?? "", "utc": time.map { reader.format.utc($0) } ?? "",
            "receipt": record.text(.receipt) ?? "", "outcome-key": isAdjustment ? "adjustment" : outcome,
            "outcome": sentence(isAdjustment ? "adjustment" : "outcome-" + outcome, reader),
            "reason": record.text(.reason) ?? "", "partner": record.text(.partner) ?? "",
            "sent": record.text(.partner) == nil ? record.text(.partnerRaw) ?? "" : "", "route": record.text(.route) ?? "",
            "origin": record.text(.origin) ?? "", "campaign": record.text(.campaign) ?? "", "client": record.text(.client) ?? "",
            "culture": record.text(.culture) ?? "", "is-repeat": record.number(.isRepeat) == 1,
            "is-test": record.number(.isTest) == 1,
        ]
    }

    private struct RecordCase: Sendable {
        let record: Record
        let isErased: Bool
        let adjustments: [Record]
    }

    private func record(
        _ receipt: Receipt, _ reader: PageReader, _ identity: Identity, fault: String?
    ) async throws -> Response {
        let found = try await desks.ledger.read { ledger -> RecordCase? in
            guard let stored = try ledger.record(receipt: receipt), let record = stored.record else { return nil }
            return RecordCase(
                record: record, isErased: stored.personal == nil,
                adjustments: try ledger.adjustments(of: receipt).compactMap(\.record))
        }
        guard let found else { throw AdjustmentRefusal.unknownReceipt(receipt) }
        try await desks.note(identity, .recordRead, receipt.description)
        let partner = found.record.text(.partner).flatMap { PartnerID($0) }
        let version = Int(found.record.number(.directoryVersion) ?? 0)
        let routeVersion = found.record.text(.routeVersion) ?? ""
        let now = desks.now()
        let known = try await desks.office { office in
            (
                then: try partner.flatMap { try office.standing(of: $0, atVersion: version) },
                now: try partner.flatMap { try office.partner($0) }, source: try office.routeSource(version: routeVersion)
            )
        }
        var values = row(found.record, reader)
        values["fields"] = RecordField.allCases.compactMap { field -> [String: Any]? in
            guard let text = Self.text(found.record[field]) else { return nil }
            return [
                "name": field.rawValue, "text": text,
                "meaning": sentence("field-" + field.rawValue, reader),
                "is-personal": field.isPersonal,
            ]
        }
        values["is-erased"] = found.isErased
        values["adjustments"] = found.adjustments.map { row($0, reader).merging(Self.remarks($0)) { $1 } }
        values["has-adjustments"] = !found.adjustments.isEmpty
        values["partner-name"] = known.now?.name ?? ""
        values["standing-then"] = standing(
            known.then, at: found.record.text(.time).flatMap { Timestamp(rfc3339: $0) } ?? now, reader)
        values["standing-now"] = standing(known.now?.standing, at: now, reader)
        values["has-partner"] = partner != nil
        values["route-source"] = known.source ?? ""
        values["may-adjust"] =
            reader.may(.admin) && found.record.text(.kind) == AdjustmentDraft.signupKind
            && (found.record.text(.outcome) != Outcome.attributed.rawValue)
        values["fault"] = fault
        return try renderer.page(
            "record", title: "record", values, for: reader, status: fault == nil ? .ok : .unprocessableContent)
    }

    private static func remarks(_ adjustment: Record) -> [String: Any] {
        ["by": adjustment.text(.adjustedBy) ?? "", "note": adjustment.text(.note) ?? ""]
    }

    static func text(_ value: Record.Value?) -> String? {
        switch value {
        case nil: nil
        case .text(let text): text
        case .number(let number): String(number)
        case .list(let list): list.joined(separator: " ")
        }
    }

    /// What a partner's standing comes to, in a few words.
    func standing(_ standing: PartnerStanding?, at time: Timestamp, _ reader: PageReader) -> String {
        guard let standing else { return sentence("outcome-unknown", reader) }
        let (outcome, reason) = standing.outcome(at: time)
        let text = sentence(outcome == .attributed ? "status-" + standing.status.rawValue : "outcome-" + outcome.rawValue, reader)
        return text + (reason.map { " (\($0.rawValue))" } ?? "")
    }

    private func adjust(
        _ request: Request, _ receipt: Receipt, _ reader: PageReader, _ identity: Identity
    ) async throws -> Response {
        let form = try await PageForm(request, identity)
        do {
            var partner: PartnerID?
            if form["withdraw"] == nil {
                let text = form["partner"] ?? ""
                guard let id = PartnerID(text) else {
                    throw Problem.invalidRequest("\(PartnerText.quoted(text)) is not a Partner ID; give 1 to 10 digits")
                }
                partner = id
            }
            _ = try await desks.adjustments.adjust(receipt, partner: partner, note: form["note"] ?? "", by: identity.name)
            try await desks.note(identity, .adjustment, "\(receipt) to \(partner?.description ?? "nobody")")
        } catch {
            return try await record(receipt, reader, identity, fault: Problem(error).detail)
        }
        return .seeOther("/log/\(receipt)")
    }
}
