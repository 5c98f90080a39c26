import HTTPTypes
import Hummingbird
import Logging

/// Answers every error as who asked can read it: as a document, or on a page. For paths that there are none of too.
struct Problems: RouterMiddleware {
    typealias Context = BackOfficeContext

    /// Shows what programs do not ask for; nil where there are no pages.
    let pages: PageRenderer?
    let logger: Logger

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let problem = Problem(error)
            if problem.status == HTTPResponse.Status.internalServerError.code {
                logger.error("a request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            }
            guard let pages, !Self.isOfProgram(request) else { return try problem.response() }
            // Who is not signed in is led to where they can.
            if problem.status == HTTPResponse.Status.unauthorized.code, request.method == .get {
                return .seeOther("/sign-in?next=" + FormText.escaped(PageReader.target(request)))
            }
            return try pages.problem(problem, for: PageReader(request, context))
        }
    }

    /// Whether the answer is a program's to read, by what it asks for or by the token it shows: to one whose token has ended, a
    /// page to sign in says nothing.
    private static func isOfProgram(_ request: Request) -> Bool {
        API.has(request.uri.path) || request.uri.path == MetricsEndpoint.path
            || Authentication.token(of: request) != nil
    }
}
