import HTTPTypes
import Hummingbird

/// What every answer says to browsers: nothing may be run or framed that this server did not mean to send (OWASP Secure Headers
/// Project).
struct SecurityHeaders: RouterMiddleware {
    typealias Context = BackOfficeContext

    static let policyName = HTTPField.Name("Content-Security-Policy")!

    /// No script and no style but in files of ours.
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
        form-action 'self'; frame-ancestors 'none'; base-uri 'none'
        """
    private static let fixed: [(HTTPField.Name, String)] = [
        (HTTPField.Name("X-Content-Type-Options")!, "nosniff"),
        (HTTPField.Name("X-Frame-Options")!, "DENY"),
        (HTTPField.Name("Referrer-Policy")!, "same-origin"),
        (HTTPField.Name("Cross-Origin-Opener-Policy")!, "same-origin"),
        (HTTPField.Name("Cross-Origin-Resource-Policy")!, "same-origin"),
    ]

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for (name, value) in Self.fixed { response.headers[name] = value }
        // A guide has a policy of its own, which allows less.
        if response.headers[Self.policyName] == nil { response.headers[Self.policyName] = Self.policy }
        if context.isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return response
    }
}
