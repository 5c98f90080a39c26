import Attribution
import Foundation
import Hummingbird
import Ledger
import Office
import Subscriptions

extension Pages {
    func addStatement(to group: RouterGroup<BackOfficeContext>) {
        group.get("/partners/:id/statement") { request, context in
            let identity = try context.require(.auditor)
            return try await statement(try context.parameters.partnerID(), request, PageReader(request, context), identity)
        }
    }

    /// More are in the CSV; a page of so many still prints.
    private static let statementRecords = 5_000

    private struct StatementFigures: Sendable {
        var totals: StatementTotals
        /// The first ``statementRecords``, oldest first.
        var records: [Record] = []
        var isCut = false

        init(_ statement: PartnerStatement, _ ledger: LedgerReader) throws {
            totals = StatementTotals(of: statement)
            try ledger.forEachRecord(matching: statement.filter) { stored, record in
                guard let record else { throw LedgerError.damagedRecord(file: ledger.path, sequence: stored.sequence) }
                totals.add(record)
                if records.count < statementRecords { records.append(record) } else { isCut = true }
                return true
            }
        }
    }

    /// What is sent to a partner: all times are UTC, as the month is, whatever the reader's own zone.
    private func statement(
        _ id: PartnerID, _ request: Request, _ reader: PageReader, _ identity: Identity
    ) async throws -> Response {
        let today = desks.now().day
        let text = request.query("month") ?? CalendarMonth(containing: today).description
        guard let month = CalendarMonth(text) else {
            throw Problem.invalidRequest(
                "month is \(PartnerText.quoted(text)), expected YYYY-MM",
                Sentence(key: "refusal-month", words: [PartnerText.quoted(text)]))
        }
        let statement = PartnerStatement(of: id, in: month)
        let figures = try await desks.ledger.read { try StatementFigures(statement, $0) }
        let programs = try await desks.programStatement(of: id, in: month)
        let name = try await desks.office { try $0.partner(id)?.name } ?? ""
        try await desks.note(identity, .statement, "\(id) \(month)")
        let utc = PageFormat(language: reader.language, timeZone: .gmt)
        let path = "/partners/\(id)/statement?month="
        let totals = figures.totals
        var values: [String: Any] = [
            "id": id.description, "name": name, "month": month.description, "made": utc.time(desks.now()),
            "first-day": month.first.description,
            "last-day": CalendarDay(daysSinceEpoch: month.next.first.daysSinceEpoch - 1).description,
            "records": figures.records.map { record in
                row(statement.told(record), in: utc, reader).merging([
                    "adjusts": record.text(.adjusts) ?? "", "takes-back": statement.takesBack(record),
                ]) { $1 }
            },
            "is-empty": figures.records.isEmpty, "is-cut": figures.isCut,
            "csv": "/api/v1/partners/\(id)/statement.csv?month=\(month)", "previous-month": path + month.previous.description,
        ]
        values["programs-csv"] = "/api/v1/partners/\(id)/statement/programs.csv?month=\(month)"
        values["has-programs"] = !programs.isEmpty
        values["programs"] = programs.programs.map { programRow($0, in: utc, reader) }
        if month.first < CalendarMonth(containing: today).first { values["next-month"] = path + month.next.description }
        let months = Self.lastMonths(before: today)
        values["months"] = (months.contains(month) ? months : [month] + months).map {
            ["value": $0.description, "is-chosen": $0 == month] as [String: Any]
        }
        values["totals"] = [
            ("requests", totals.requests), ("visits", totals.visits), ("attributed", totals.attributed),
            ("not-attributed", totals.notAttributed), ("adjusted", totals.adjusted), ("net", totals.net),
        ].map { ["name": sentence($0.0, reader), "value": utc.number($0.1)] }
        return try renderer.page("statement", title: "statement", values, for: reader)
    }

    /// The subscriptions with the partner of record, in one program.
    private func programRow(_ figures: ProgramFigures, in format: PageFormat, _ reader: PageReader) -> [String: Any] {
        let counts = [
            figures.atStart, figures.associated, figures.byReceipt, figures.removed, figures.atEnd, figures.counted,
            figures.countedAtEnd,
        ]
        let shown = counts.map { format.number($0) } + [format.duration(seconds: figures.countedSeconds)]
        return ["name": sentence("program-" + figures.program, reader), "figures": shown]
    }
}
