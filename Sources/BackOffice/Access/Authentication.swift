import Attribution
import HTTPTypes
import Hummingbird
import NIOCore
import Office

/// Recognises who makes a request: a program by its token, a browser by its session's cookie. Who is neither goes on without an
/// identity; whether one is needed is for each request to say.
struct Authentication: RouterMiddleware {
    typealias Context = BackOfficeContext

    let desks: Desks
    private let tokens = RequestAllowance.ofToken()
    private let providers = RequestAllowance.ofProvider()
    private let users = RequestAllowance.ofUser()

    init(desks: Desks) {
        self.desks = desks
    }

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.identity = try await identity(request, context)
        return try await next(request, context)
    }

    private func identity(_ request: Request, _ context: Context) async throws -> Identity? {
        let address = context.clientAddress
        let now = desks.now()
        if let secret = Self.token(of: request) {
            guard let token = try await desks.office({ try $0.token(secret, at: now) }) else {
                throw Problem(
                    .unauthorized, type: "unauthorized",
                    detail: "the token is none of ours, has ended or was revoked; an admin makes one with `porter token create`")
            }
            try Self.take(token.role == .provider ? providers : tokens, token.id, "the token \(token.name)", at: now)
            return Identity(name: token.name, role: token.role, way: .token, address: address, tokenOwner: token.owner)
        }
        guard let cookie = request.cookies[SessionCookie.name(isSecure: context.isSecure)]?.value else { return nil }
        let secret = Secret(text: cookie)
        guard let session = try await desks.office({ try $0.session(secret, at: now) }) else { return nil }
        try Self.take(users, session.user.id, session.user.name, at: now)
        return Identity(
            name: session.user.name, role: session.user.role, way: .session, address: address, session: secret,
            user: session.user)
    }

    /// - Throws: ``Problem`` 429.
    private static func take(_ allowance: RequestAllowance, _ asker: Int64, _ name: String, at time: Timestamp) throws {
        guard let seconds = allowance.wait(asker, at: time) else { return }
        throw Problem.tooManyRequests("\(name) asked too often; try again in \(seconds) s", retryAfter: seconds)
    }

    /// The token of `Bearer TOKEN` (RFC 6750, section 2.1). Other schemes are somebody else's: of a proxy that asks for a password
    /// of its own.
    static func token(of request: Request) -> Secret? {
        guard let parts = request.headers[.authorization]?.split(separator: " ", omittingEmptySubsequences: true),
            parts.count == 2, parts[0].lowercased() == "bearer"
        else { return nil }
        return Secret(text: String(parts[1]))
    }
}

/// Has the API change nothing for a browser's session: a form of another site, sent with the session's cookie, could be a body that
/// the API takes. It stands at the API's own routes, by whatever spelling of a path a request came to them.
struct ReadOnlyForSessions: RouterMiddleware {
    typealias Context = BackOfficeContext

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard context.identity?.way != .session || request.method == .get || request.method == .head else {
            throw Problem(
                .forbidden, type: "forbidden", detail: "the API changes nothing for a browser's session; use a token")
        }
        return try await next(request, context)
    }
}

/// The cookie that a session lives in.
enum SessionCookie {
    /// With the prefix, a browser takes it only from this host over TLS (RFC 6265bis, section 4.1.3.2).
    static func name(isSecure: Bool) -> String { isSecure ? "__Host-porter" : "porter" }
}
