import Attribution
import Hummingbird
import Office

extension Pages {
    func addPartnerEditing(to group: RouterGroup<BackOfficeContext>) {
        group.get("/partners/new") { request, context in
            _ = try context.require(.admin)
            return try editPage(nil, PageReader(request, context), fault: nil)
        }
        group.post("/partners/new") { request, context in
            let identity = try context.require(.admin)
            let form = try await PageForm(request, identity)
            return try await save(form, id: form["id"] ?? "", isNew: true, PageReader(request, context), identity)
        }
        group.get("/partners/:id/edit") { request, context in
            let identity = try context.require(.admin)
            let id = try context.parameters.partnerID()
            guard let entry = try await desks.office({ try $0.history(of: id).last }) else {
                throw Problem.notFound("partner \(id) is not in the directory")
            }
            try await desks.note(identity, .partnerRead, "\(id), to edit it")
            return try editPage(entry, PageReader(request, context), fault: nil)
        }
        group.post("/partners/:id/edit") { request, context in
            let identity = try context.require(.admin)
            let form = try await PageForm(request, identity)
            return try await save(
                form, id: context.parameters.text("id"), isNew: false, PageReader(request, context), identity)
        }
    }

    private static let editedColumns: [PartnerColumn] = [
        .name, .status, .statusReason, .account, .parent, .agreement, .email, .language, .validFrom, .validTo, .programs,
    ]

    /// - Parameters:
    ///   - entry: what is edited; nil for a partner that is to be added.
    ///   - meanwhile: what others changed since the form was opened.
    ///   - given: what stands in a field in place of the partner's own value.
    private func editPage(
        _ entry: PartnerHistoryEntry?, _ reader: PageReader, fault: String?, meanwhile: PartnerDifference? = nil,
        given: (PartnerColumn) -> String? = { _ in nil }
    ) throws -> Response {
        var values: [String: Any] = [
            "is-new": entry == nil, "id": entry?.partner.id.description ?? given(.id) ?? "",
            "seen-version": entry.map { String($0.version.number) } ?? "",
        ]
        values["fields"] = Self.editedColumns.map { column in
            let value = given(column) ?? entry.map { $0.partner[column] } ?? ""
            return [
                "name": column.rawValue, "text": sentence("column-" + column.rawValue, reader),
                "value": value, "is-choice": column.choices != nil, "is-day": column == .validFrom || column == .validTo,
                "is-text": column.choices == nil && column != .validFrom && column != .validTo,
                "choices": (column.choices ?? []).map { choice in
                    ["value": choice, "text": shown(choice, of: column, reader), "is-chosen": choice == value] as [String: Any]
                },
            ] as [String: Any]
        }
        if let meanwhile, let entry {
            values["has-meanwhile"] = true
            values["meanwhile"] = changes(meanwhile, reader)
            values["meanwhile-source"] = entry.version.source
            values["meanwhile-time"] = reader.format.time(entry.version.learnedAt)
            values["meanwhile-utc"] = reader.format.utc(entry.version.learnedAt)
        }
        values["fault"] = fault
        let status: HTTPResponse.Status = meanwhile != nil ? .conflict : fault == nil ? .ok : .unprocessableContent
        return try renderer.page(
            "partner-edit", title: entry == nil ? "partner-new" : "partner-edit", values, for: reader, status: status)
    }

    /// A change field by field, for a table.
    func changes(_ difference: PartnerDifference, _ reader: PageReader) -> [[String: Any]] {
        difference.fields.map { field in
            let column = PartnerColumn(rawValue: field.field)
            func text(_ value: String) -> String { value.isEmpty ? "–" : column.map { shown(value, of: $0, reader) } ?? value }
            return ["field": sentence("column-" + field.field, reader), "old": text(field.old), "new": text(field.new)]
        }
    }

    /// A field's value as people read it: words of closed sets in the reader's language, all else as it is.
    func shown(_ value: String, of column: PartnerColumn, _ reader: PageReader) -> String {
        if value.isEmpty { return "" }
        return switch column {
        case .status: sentence("status-" + value, reader)
        case .statusReason: sentence("cause-" + value, reader)
        case .account: sentence("account-" + value, reader)
        case .agreement: sentence("agreement-" + value, reader)
        default: value
        }
    }

    private func save(
        _ form: PageForm, id text: String, isNew: Bool, _ reader: PageReader, _ identity: Identity
    ) async throws -> Response {
        let seen = form["version"].flatMap { Int($0) }
        do {
            let id: PartnerID
            do throws(PartnerFault) {
                id = try PartnerText.id(text)
            } catch {
                throw Problem.invalidRequest(error.message, Sentence(error.mistake))
            }
            let patch = PartnerPatch(
                fields: Dictionary(uniqueKeysWithValues: Self.editedColumns.map { ($0, form[$0.rawValue] ?? "") }))
            _ = try await desks.directory.setPartner(
                try patch.change(of: id), source: "pages by \(identity.name)", by: identity.caller, dryRun: false,
                onlyIf: isNew ? .absent : .version(Set([seen].compactMap { $0 })))
            return .seeOther("/partners/\(id)")
        } catch {
            guard Problem(error).status < 500 else { throw error }
            if isNew { return try editPage(nil, reader, fault: told(error, reader)) { form[$0.rawValue] ?? "" } }
            let history = try await desks.office { office in
                try PartnerID(text).map { try office.history(of: $0) } ?? []
            }
            // Shown again, and with what others have changed since.
            if let entry = history.last { try await desks.note(identity, .partnerRead, "\(entry.partner.id), to edit it") }
            if (error as? OfficeError)?.code == .changedMeanwhile, let entry = history.last {
                return try editAgain(form, since: history.first { $0.version.number == seen }?.partner, entry, reader)
            }
            return try editPage(history.last, reader, fault: told(error, reader)) { form[$0.rawValue] ?? "" }
        }
    }

    /// The form once more, after somebody else changed the partner: with what they did, and with what was typed where it differs
    /// from what the form had shown. Fields that were not touched take the new values.
    private func editAgain(
        _ form: PageForm, since base: Partner?, _ entry: PartnerHistoryEntry, _ reader: PageReader
    ) throws -> Response {
        try editPage(
            entry, reader, fault: sentence("edited-meanwhile", reader),
            meanwhile: PartnerDifference(old: base, new: entry.partner)
        ) { column in
            let typed = form[column.rawValue] ?? ""
            return base.map { $0[column] } == typed ? nil : typed
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
