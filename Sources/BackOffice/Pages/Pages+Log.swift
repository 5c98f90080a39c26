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
        group.post("/log/:receipt/notes") { request, context in
            let identity = try context.require(.auditor)
            return try await addRecordNote(request, try Self.receipt(context), PageReader(request, context), identity)
        }
        // Where the language is switched, or the session ended, after the form was refused.
        group.get("/log/:receipt/adjustment") { _, context in Response.seeOther("/log/\(try Self.receipt(context))") }
        group.post("/log/:receipt/adjustment") { request, context in
            let identity = try context.require(.admin)
            return try await adjust(request, try Self.receipt(context), PageReader(request, context), identity)
        }
    }

    private static func receipt(_ context: BackOfficeContext) throws -> Receipt {
        let text = context.parameters.text("receipt")
        guard let receipt = Receipt(text) else { throw Problem.notFound("\(PartnerText.quoted(text)) is no receipt") }
        return receipt
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
        let query = parameters.map { "\($0.name)=\(Self.escaped($0.value))" }.joined(separator: "&")
        let part = place.before.map { "before=\($0)" } ?? place.after.map { "after=\($0)" }
        let read = [query, part ?? ""].filter { !$0.isEmpty }.joined(separator: "&")
        try await desks.note(identity, .logRead, read.isEmpty ? "all" : read)
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
        let opened = OpenedLog(seen: found.seen, openedAt: place.openedAt ?? desks.now())
        func link(_ place: OpenedLog.Parameters) -> String {
            "/log?" + (parameters + place).map { "\($0.name)=\(Self.escaped($0.value))" }.joined(separator: "&")
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

    /// A text as a value of a query.
    static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte.isURIUnreserved { bytes.append(byte) } else { bytes.appendPercentEscape(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A record as a line of a table.
    ///
    /// - Parameter format: of times; nil: as the reader has them.
    func row(_ record: Record, in format: PageFormat? = nil, _ reader: PageReader) -> [String: Any] {
        let format = format ?? reader.format
        let time = record.text(.time).flatMap { Timestamp(rfc3339: $0) }
        let outcome = record.text(.outcome) ?? ""
        let isAdjustment = record.text(.kind) == AdjustmentDraft.kind
        return [
            "time": time.map { format.time($0) } ?? "", "utc": time.map { format.utc($0) } ?? "",
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

    private func addRecordNote(
        _ request: Request, _ receipt: Receipt, _ reader: PageReader, _ identity: Identity
    ) async throws -> Response {
        let form = try await PageForm(request, identity)
        do {
            _ = try await desks.addNote(form["text"] ?? "", to: receipt, by: identity)
        } catch let error as OfficeError where error.code == .invalidNote {
            return try await record(receipt, reader, identity, fault: error.message, typedNote: form["text"])
        }
        return .seeOther("/log/\(receipt)#notes")
    }

    private func record(
        _ receipt: Receipt, _ reader: PageReader, _ identity: Identity, fault: String?, typedNote: String? = nil
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
                now: try partner.flatMap { try office.partner($0) }, source: try office.routeSource(version: routeVersion),
                notes: try office.notes(on: receipt)
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
        values["case-notes"] = known.notes.map { note in
            [
                "time": reader.format.time(note.time), "utc": reader.format.utc(note.time), "who": note.who, "text": note.text,
            ]
        }
        values["has-case-notes"] = !known.notes.isEmpty
        values["typed-note"] = typedNote
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
