import Attribution
import Hummingbird
import Ledger
import Office
import Subscriptions

extension Pages {
    func addRecord(to group: RouterGroup<BackOfficeContext>) {
        group.get("/log/:receipt") { request, context in
            let identity = try context.require(.auditor)
            return try await record(try context.parameters.receipt(), PageReader(request, context), identity, fault: nil)
        }
        // Where the language is switched, or the session ended, after a form was refused.
        for form in ["notes", "adjustment"] {
            group.get("/log/:receipt/\(form)") { _, context in Response.seeOther("/log/\(try context.parameters.receipt())") }
        }
        group.post("/log/:receipt/notes") { request, context in
            let identity = try context.require(.auditor)
            return try await addRecordNote(request, try context.parameters.receipt(), PageReader(request, context), identity)
        }
        group.post("/log/:receipt/adjustment") { request, context in
            let identity = try context.require(.admin)
            return try await adjust(request, try context.parameters.receipt(), PageReader(request, context), identity)
        }
    }

    /// Mostly there is one, or none.
    private static let mostSubscriptions = 20

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
            return try await record(receipt, reader, identity, fault: told(error, reader), typed: form)
        }
        return .seeOther("/log/\(receipt)#notes")
    }

    /// - Parameter typed: a form that was refused.
    private func record(
        _ receipt: Receipt, _ reader: PageReader, _ identity: Identity, fault: String?, typed: PageForm? = nil
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
                notes: try office.notes(on: receipt),
                subscriptions: try office.subscriptions(cameOf: receipt, limit: Self.mostSubscriptions)
            )
        }
        var values = row(found.record, reader)
        values["fields"] = RecordField.allCases.compactMap { field -> [String: Any]? in
            guard let text = Self.text(found.record[field]) else { return nil }
            return [
                "name": field.rawValue, "text": text, "phrase": phrase(field, text, reader),
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
        for field in ["text", "partner", "note"] { values["typed-" + field] = typed?[field] }
        values["partner-name"] = known.now?.name ?? ""
        values["standing-then"] = standing(
            known.then, at: found.record.text(.time).flatMap { Timestamp(rfc3339: $0) } ?? now, reader)
        values["standing-now"] = standing(known.now?.standing, at: now, reader)
        values["has-partner"] = partner != nil
        // That a record of its own tells of, or that the provider named the sign-up for.
        let subscriptions = found.record.text(.subscription).map { [$0] } ?? known.subscriptions
        values["subscriptions"] = subscriptions.map { ["subscription-id": $0, "link": Self.path(ofSubscription: $0)] }
        values["has-subscriptions"] = !subscriptions.isEmpty
        values.merge(decisionValues(found.record.number(.conflict), reader)) { $1 }
        values["route-source"] = known.source ?? ""
        values["may-adjust"] =
            reader.may(.admin) && found.record.kind == .signup
            && (found.record.text(.outcome) != Outcome.attributed.rawValue)
        values["fault"] = fault
        return try renderer.page(
            "record", title: "record", values, for: reader, status: fault == nil ? .ok : .unprocessableContent)
    }

    /// What a word of a closed set means; empty where the value says it itself.
    private func phrase(_ field: RecordField, _ text: String, _ reader: PageReader) -> String {
        switch field {
        case .outcome: sentence("outcome-" + text, reader)
        case .reason: sentence("cause-" + text, reader)
        case .signature: sentence("signature-" + text, reader)
        default: ""
        }
    }

    private static func remarks(_ adjustment: Record) -> [String: Any] {
        ["by": adjustment.text(.adjustedBy) ?? "", "note": adjustment.text(.note) ?? ""]
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
                    throw Problem.invalidRequest(
                        "\(PartnerText.quoted(text)) is not a Partner ID; give 1 to 10 digits",
                        Sentence(Mistake(.noID, PartnerText.quoted(text))))
                }
                partner = id
            }
            _ = try await desks.adjustments.adjust(receipt, partner: partner, note: form["note"] ?? "", by: identity.caller)
        } catch {
            guard Problem(error).status < 500 else { throw error }
            return try await record(receipt, reader, identity, fault: told(error, reader), typed: form)
        }
        return .seeOther("/log/\(receipt)")
    }
}
