import Attribution
import HTTPTypes
import Hummingbird
import Office

extension Pages {
    /// A CSV is imported in two steps: the file is sent and kept, its preview shown; then what was shown is imported, or
    /// nothing.
    func addPartnerImport(to group: RouterGroup<BackOfficeContext>) {
        group.get("/partners/import") { request, context in
            _ = try context.require(.admin)
            return try uploadPage(PageReader(request, context))
        }
        group.post("/partners/import") { request, context in
            try await upload(request, PageReader(request, context), try context.require(.admin))
        }
        group.get("/partners/import/:draft") { request, context in
            let identity = try context.require(.admin)
            return try await preview(context, request, PageReader(request, context), identity)
        }
        group.post("/partners/import/:draft") { request, context in
            try await carryOut(context, request, PageReader(request, context), try context.require(.admin))
        }
    }

    /// Changes that a page of the preview lists.
    private static let listedChanges = 200
    private static let mostPages = PartnerCSV.maximumRows / listedChanges + 1
    private static let fileField = "file"

    /// Whose the kept file is: a text that only one session has.
    static func owner(_ identity: Identity) throws -> String {
        guard let session = identity.session else {
            throw Problem(.forbidden, type: "forbidden", detail: "this page is for browsers; programs post to the API")
        }
        return importOwner(session)
    }

    static func importOwner(_ session: Secret) -> String { session.derived(for: "import") }

    private func uploadPage(_ reader: PageReader, fault: String? = nil, mistakes: [String] = []) throws -> Response {
        var values: [String: Any] = ["mistakes": mistakes, "has-mistakes": !mistakes.isEmpty]
        values["fault"] = fault
        values["columns"] = PartnerColumn.allCases.map(\.rawValue).joined(separator: ",")
        return try renderer.page(
            "partner-import", title: "partner-import", values, for: reader, status: fault == nil ? .ok : .unprocessableContent)
    }

    private func upload(_ request: Request, _ reader: PageReader, _ identity: Identity) async throws -> Response {
        let owner = try Self.owner(identity)
        let (_, file) = try await PageForm.upload(
            request, identity, file: Self.fileField, maximumBytes: PartnerCSV.maximumFileBytes)
        guard !file.name.isEmpty else { return try uploadPage(reader, fault: sentence("choose-file", reader)) }
        let draft = ImportDrafts.Draft(fileName: file.name, csv: file.bytes)
        do {
            // What is wrong is told at once; what is right is kept and shown.
            _ = try await report(draft, listing: 0..<0, identity)
        } catch let refusal as ImportRefusal {
            return try uploadPage(reader, fault: sentence("import-refused", reader), mistakes: lines(refusal, reader))
        }
        return .seeOther("/partners/import/" + desks.imports.keep(draft, of: owner, at: desks.now()))
    }

    private func report(
        _ draft: ImportDrafts.Draft, listing: Range<Int>, dryRun: Bool = true, basedOn versions: Set<Int>? = nil,
        _ identity: Identity
    ) async throws -> DirectoryReport {
        try await desks.directory.importPartners(
            csv: draft.csv, fileName: draft.fileName, source: "import of \(draft.fileName) by \(identity.name)",
            by: identity.caller, dryRun: dryRun, basedOn: versions, listing: listing)
    }

    /// `FILE:LINE: what is wrong`, one line each, in the reader's language; the file's columns by their names in it.
    private func lines(_ refusal: ImportRefusal, _ reader: PageReader) -> [String] {
        var lines = refusal.problems.first.map { problem in
            var sentence = Sentence(problem.mistake)
            sentence.subject = nil
            let column = problem.mistake.column.map { $0.rawValue + ": " } ?? ""
            return "\(refusal.fileName):\(problem.line): \(column)\(renderer.pageLibrary.text(sentence, in: reader.language))"
        }
        if refusal.problems.further > 0 {
            lines.append("+ " + reader.format.number(Int64(refusal.problems.further)))
        }
        return lines
    }

    private func draft(_ context: BackOfficeContext, _ identity: Identity) throws -> (id: String, draft: ImportDrafts.Draft)? {
        let id = context.parameters.text("draft")
        return desks.imports.draft(id, of: try Self.owner(identity), at: desks.now()).map { (id, $0) }
    }

    private func preview(
        _ context: BackOfficeContext, _ request: Request, _ reader: PageReader, _ identity: Identity
    ) async throws -> Response {
        guard let (id, draft) = try draft(context, identity) else {
            return try uploadPage(reader, fault: sentence("preview-ended", reader))
        }
        let seen = request.query("version").flatMap { Int($0) }
        var page = min(max(request.query("page").flatMap { Int($0) } ?? 1, 1), Self.mostPages)
        var report: DirectoryReport
        do {
            report = try await self.report(draft, listing: Self.listing(page), identity)
            if let seen, seen != report.basedOn, page > 1 {
                // Who has seen pages of another preview begins at the first again.
                page = 1
                report = try await self.report(draft, listing: Self.listing(page), identity)
            }
        } catch let refusal as ImportRefusal {
            return try uploadPage(reader, fault: sentence("import-refused", reader), mistakes: lines(refusal, reader))
        }
        // What partners are now is shown beside what they would be.
        try await desks.note(identity, .partnerRead, "\(draft.fileName), what would change")
        var values: [String: Any] = [
            "draft": id, "file": draft.fileName, "seen-version": report.basedOn,
            "is-anew": seen.map { $0 != report.basedOn } ?? false,
            "added": reader.format.number(Int64(report.added)), "changed": reader.format.number(Int64(report.changed)),
            "unchanged": reader.format.number(Int64(report.unchanged)),
            "not-named": reader.format.number(Int64(report.notNamed)), "changes-nothing": report.changesNothing,
            "has-warnings": !report.warnings.isEmpty,
            "warnings": report.warned.map { renderer.pageLibrary.text(Sentence($0), in: reader.language) },
        ]
        values["further-warnings"] = report.furtherWarnings > 0 ? reader.format.number(Int64(report.furtherWarnings)) : ""
        values["differences"] = report.differences.map { difference in
            [
                "id": difference.id, "name": difference.name, "is-added": difference.isNew,
                "changes": changes(difference, reader),
            ] as [String: Any]
        }
        let path = "/partners/import/\(id)?version=\(report.basedOn)&page="
        values["previous-page"] = page > 1 ? path + String(page - 1) : ""
        values["next-page"] = report.furtherDifferences > 0 ? path + String(page + 1) : ""
        values["further"] = report.furtherDifferences > 0 ? reader.format.number(Int64(report.furtherDifferences)) : ""
        return try renderer.page("partner-import-preview", title: "partner-import", values, for: reader)
    }

    private static func listing(_ page: Int) -> Range<Int> { (page - 1) * listedChanges..<page * listedChanges }

    private func carryOut(
        _ context: BackOfficeContext, _ request: Request, _ reader: PageReader, _ identity: Identity
    ) async throws -> Response {
        let form = try await PageForm(request, identity)
        guard let (id, draft) = try draft(context, identity) else {
            return try uploadPage(reader, fault: sentence("preview-ended", reader))
        }
        let seen = form["version"].flatMap { Int($0) }
        let report: DirectoryReport
        do {
            report = try await self.report(
                draft, listing: 0..<0, dryRun: false, basedOn: Set([seen].compactMap { $0 }), identity)
        } catch {
            guard (error as? OfficeError)?.code == .changedMeanwhile || error is ImportRefusal else { throw error }
            // Shown anew, as it is now.
            return .seeOther("/partners/import/\(id)?version=\(seen ?? 0)")
        }
        desks.imports.remove(id)
        return .seeOther("/partners" + (report.directoryVersion.map { "?imported=\($0)" } ?? ""))
    }
}
