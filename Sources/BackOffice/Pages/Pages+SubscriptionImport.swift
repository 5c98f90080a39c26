import Attribution
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Office
import Subscriptions

extension Pages {
    /// What the provider tells, as a CSV: the file is sent and kept, and shown what would become of each event; then it is
    /// imported, or nothing. Not below `/subscriptions`, where a subscription may be called `import`.
    func addSubscriptionImport(to group: RouterGroup<BackOfficeContext>) {
        group.get("/subscription-import") { request, context in
            _ = try context.require(.admin)
            return try eventsPage(PageReader(request, context))
        }
        group.post("/subscription-import") { request, context in
            let identity = try await requireAdmin(request, context)
            return try await desks.noting(request.uri.path, of: identity.caller) {
                try await uploadEvents(request, PageReader(request, context), identity)
            }
        }
        group.get("/subscription-import/:draft") { request, context in
            let identity = try context.require(.admin)
            return try await previewEvents(context, request, PageReader(request, context), identity)
        }
        group.post("/subscription-import/:draft") { request, context in
            try await taking(request, context) { form, reader, identity in
                try await importEvents(form, context, reader, identity)
            }
        }
    }

    private static let eventsField = "file"

    private func eventsPage(_ reader: PageReader, fault: String? = nil, mistakes: [String] = []) throws -> Response {
        let values: [String: Any] = [
            "fault": fault ?? "", "mistakes": mistakes, "has-mistakes": !mistakes.isEmpty,
            "columns": SubscriptionEvent.Column.allCases.map(\.rawValue).joined(separator: ","),
        ]
        return try renderer.page(
            "subscription-import", title: "subscription-import", values, for: reader,
            status: fault == nil ? .ok : .unprocessableContent)
    }

    /// What is wrong with a file. Columns and words of it are those that the provider's programs write, so all is said as they
    /// are told it.
    private func eventsPage(
        _ refusal: SubscriptionRefusal, _ reader: PageReader, _ identity: Identity
    ) async throws -> Response {
        try await noteRefusal(refusal.code, of: "/subscription-import", identity)
        var lines = [refusal.description]
        if case .file(_, let faults) = refusal { lines = faults }
        return try eventsPage(reader, fault: sentence("import-refused", reader), mistakes: lines)
    }

    private func uploadEvents(_ request: Request, _ reader: PageReader, _ identity: Identity) async throws -> Response {
        let owner = try Self.owner(identity)
        let (_, file) = try await PageForm.upload(
            request, identity, file: Self.eventsField, maximumBytes: SubscriptionCSV.maximumFileBytes)
        guard !file.name.isEmpty else {
            try await noteRefusal("invalid-request", of: "/subscription-import", identity)
            return try eventsPage(reader, fault: sentence("choose-file", reader))
        }
        let draft = ImportDrafts.Draft(fileName: file.name, csv: file.bytes)
        do {
            // What is wrong is told at once; what is right is kept and shown.
            _ = try await eventsReport(draft, identity)
        } catch let refusal as SubscriptionRefusal {
            return try await eventsPage(refusal, reader, identity)
        }
        return .seeOther("/subscription-import/" + desks.imports.keep(draft, of: owner, at: desks.now()))
    }

    private func eventsReport(
        _ draft: ImportDrafts.Draft, _ identity: Identity, dryRun: Bool = true
    ) async throws -> SubscriptionImportReport {
        try await desks.subscriptions.importEvents(
            draft.csv, fileName: draft.fileName, by: identity.caller, dryRun: dryRun)
    }

    private func eventsDraft(
        _ context: BackOfficeContext, _ identity: Identity
    ) throws -> (id: String, draft: ImportDrafts.Draft)? {
        let id = context.parameters.text("draft")
        return desks.imports.draft(id, of: try Self.owner(identity), at: desks.now()).map { (id, $0) }
    }

    private func previewEvents(
        _ context: BackOfficeContext, _ request: Request, _ reader: PageReader, _ identity: Identity
    ) async throws -> Response {
        guard let (id, draft) = try eventsDraft(context, identity) else {
            return try eventsPage(reader, fault: sentence("preview-ended", reader))
        }
        let report: SubscriptionImportReport
        do {
            report = try await eventsReport(draft, identity)
        } catch let refusal as SubscriptionRefusal {
            return try await eventsPage(refusal, reader, identity)
        }
        try await desks.note(identity, .subscriptionRead, "\(draft.fileName), what would change")
        let seen = request.query("seen")
        let digest = try Self.digest(of: report)
        var values = eventsValues(report, reader)
        values["draft"] = id
        values["seen-digest"] = digest
        values["is-anew"] = seen != nil && seen != digest
        return try renderer.page(
            "subscription-import-preview", title: "subscription-import", values, for: reader)
    }

    private func importEvents(
        _ form: PageForm, _ context: BackOfficeContext, _ reader: PageReader, _ identity: Identity
    ) async throws -> Response {
        guard let (id, draft) = try eventsDraft(context, identity) else {
            try await noteRefusal("preview-ended", of: "/subscription-import", identity)
            return try eventsPage(reader, fault: sentence("preview-ended", reader))
        }
        let seen = form["seen"] ?? ""
        do {
            let preview = try await eventsReport(draft, identity)
            guard try Self.digest(of: preview) == seen else {
                // Shown anew, as it is now.
                return .seeOther("/subscription-import/\(id)?seen=" + FormText.escaped(seen))
            }
            let report = try await eventsReport(draft, identity, dryRun: false)
            desks.imports.remove(id)
            var values = eventsValues(report, reader)
            values["is-done"] = true
            return try renderer.page(
                "subscription-import-preview", title: "subscription-import", values, for: reader)
        } catch let refusal as SubscriptionRefusal {
            return try await eventsPage(refusal, reader, identity)
        }
    }

    /// The same for the same preview.
    private static func digest(of report: SubscriptionImportReport) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return Data(SHA256.hash(data: try encoder.encode(report))).base64EncodedString()
    }

    private func eventsValues(_ report: SubscriptionImportReport, _ reader: PageReader) -> [String: Any] {
        let format = reader.format
        let findings = ReceiptFinding.allCases.compactMap { finding -> [String: Any]? in
            guard let count = report.findings[finding.rawValue] else { return nil }
            return ["name": sentence("receipt-" + finding.rawValue, reader), "text": format.number(Int64(count))]
        }
        let new = report.events - report.repeated
        let further = new - report.listed.count
        let listed = report.listed.map { event -> [String: Any] in
            let finding = event.receipt.map { sentence("receipt-" + $0.rawValue, reader) }
            return [
                "event": event.event, "subscription-id": event.subscription, "finding": finding ?? "",
                "partner": event.partner ?? "", "is-associated": event.isAssociated,
            ]
        }
        return [
            "file": report.file, "events": format.number(Int64(report.events)), "new": format.number(Int64(new)),
            "repeated": format.number(Int64(report.repeated)), "associated": format.number(Int64(report.associated)),
            "findings": findings, "changes-nothing": new == 0, "listed": listed,
            "further": further > 0 ? format.number(Int64(further)) : "", "is-done": false, "is-anew": false,
            "removed": format.number(Int64(report.removed)), "sends-mail": desks.sendsMail,
        ]
    }
}
