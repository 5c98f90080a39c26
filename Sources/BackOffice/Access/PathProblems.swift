import Hummingbird

/// Shows an error as who asked can read it: as a document below the API's prefix, elsewhere as a page. For paths that there are
/// none of too, which belong to neither's routes.
struct PathProblems: RouterMiddleware {
    typealias Context = BackOfficeContext

    let pages: PageProblems
    let documents: ProblemDocuments

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        request.uri.path.hasPrefix(API.prefix)
            ? try await documents.handle(request, context: context, next: next)
            : try await pages.handle(request, context: context, next: next)
    }
}
