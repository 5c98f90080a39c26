import Attribution
import Hummingbird
import NIOCore
import Office

extension API {
    /// | request | answer |
    /// |---|---|
    /// | `GET explain?url=&method=&host=&user-agent=&accept-language=&header=&form=&at=` | what becomes of a sign-up URL, step by step |
    /// | `GET health` | how the server is; to marketing only whether it is well |
    /// | `POST reload` | reads routes and certificates again: ``ReloadReport`` |
    /// | `GET openapi.json` | what the API is; to everybody, as it says nothing of what is recorded |
    func addServer(to group: RouterGroup<BackOfficeContext>) {
        group.get("explain") { request, context in
            // Nothing of the log is told, and of a partner what anybody may check.
            _ = try context.require(.marketing)
            try request.requireQuery(
                of: ExplainParameter.allCases.map(\.rawValue), repeated: [ExplainParameter.header.rawValue])
            let explanation = try await desks.explain(try ExplainQuestion(request))
            return Response(jsonBytes: explanation.json.utf8)
        }
        group.get("health") { _, context in
            let identity = try context.require(.marketing)
            let report = try await desks.health()
            return identity.role >= .auditor ? try Response(json: report) : try Response(json: report.summary)
        }
        group.post("reload") { _, context in
            let identity = try context.require(.admin)
            let report = await desks.reload()
            try await desks.note(identity, .reload, report.succeeded ? "loaded" : "refused")
            guard report.succeeded else { throw Problem.reload(report.lines) }
            return try Response(json: report)
        }
        if let description { group.get("openapi.json") { _, _ in description.response() } }
    }
}
