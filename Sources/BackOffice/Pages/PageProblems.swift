import HTTPTypes
import Hummingbird
import Logging

/// Shows errors as pages. Who is not signed in is led to where they can.
struct PageProblems: RouterMiddleware {
    typealias Context = BackOfficeContext

    let renderer: PageRenderer
    let logger: Logger

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = Problem(error)
            if problem.status == HTTPResponse.Status.unauthorized.code, request.method == .get {
                return .seeOther("/sign-in?next=" + FormText.escaped(PageReader.target(request)))
            }
            if problem.status == HTTPResponse.Status.internalServerError.code {
                logger.error("a page failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            }
            return try renderer.problem(problem, for: PageReader(request, context))
        }
    }
}

extension PageRenderer {
    /// What kind of problem it is in the reader's language; and in English, as the API says it, what exactly.
    func problem(_ problem: Problem, for reader: PageReader) throws -> Response {
        let key = "problem-" + problem.type
        var response = try page(
            "problem", title: "problem",
            [
                "kind": library.text(library.has(key) ? key : "problem-other", in: reader.language), "detail": problem.detail,
                "errors": problem.errors ?? [],
            ],
            for: reader, status: HTTPResponse.Status(code: problem.status))
        for field in problem.headers { response.headers[field.name] = field.value }
        return response
    }
}
