import Attribution
import Hummingbird
import Ledger
import NIOCore
import Office
import Subscriptions

extension API {
    /// | request | answer |
    /// |---|---|
    /// | `GET partners/{id}/statement/programs?month=YYYY-MM` | ``ProgramStatement`` |
    /// | `GET partners/{id}/statement/programs.csv?month=YYYY-MM` | the same for a spreadsheet |
    func addProgramStatement(to group: RouterGroup<BackOfficeContext>) {
        group.get("partners/:id/statement/programs") { request, context in
            try Response(json: try await programStatement(request, context).statement)
        }
        group.get("partners/:id/statement/programs.csv") { request, context in
            let (id, month, statement) = try await programStatement(request, context)
            return Response(
                status: .ok,
                headers: [
                    .contentType: LogFormat.csv.mediaType, .cacheControl: "no-store",
                    .contentDisposition: "attachment; filename=\"programs-\(id)-\(month).csv\"",
                ],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: CSVText.byteOrderMark + statement.csv)))
        }
    }

    private func programStatement(
        _ request: Request, _ context: BackOfficeContext
    ) async throws -> (id: PartnerID, month: CalendarMonth, statement: ProgramStatement) {
        let identity = try context.require(.auditor)
        let id = try context.parameters.partnerID()
        let month = try request.month()
        let statement = try await desks.programStatement(of: id, in: month)
        try await desks.note(identity, .statement, "\(id) \(month), by program")
        return (id, month, statement)
    }
}

extension Desks {
    func programStatement(of id: PartnerID, in month: CalendarMonth) async throws -> ProgramStatement {
        let time = now()
        return try await office { try $0.programStatement(of: id, in: month, now: time) }
    }
}

extension Request {
    /// The query's one parameter, a month as `YYYY-MM`.
    ///
    /// - Throws: ``Problem`` 400 when there is none, or something besides.
    func month() throws -> CalendarMonth {
        try requireQuery(of: ["month"])
        guard let month = query("month").flatMap({ CalendarMonth($0) }) else {
            throw Problem.invalidRequest("month is \(PartnerText.quoted(query("month") ?? "")), expected YYYY-MM")
        }
        return month
    }
}
