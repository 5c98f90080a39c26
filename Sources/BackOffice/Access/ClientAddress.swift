import HTTPTypes
import Hummingbird

/// Learns where a request comes from, first of all: sign-ins are slowed down by it, and the access log names it.
struct ClientAddress: RouterMiddleware {
    typealias Context = BackOfficeContext

    /// The client behind a peer, given the peer's address and its `X-Forwarded-For`.
    let resolve: @Sendable (String, String?) -> String

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var context = context
        let forwarded = request.headers[values: Self.forwardedFor]
        context.clientAddress = resolve(
            context.address?.ipAddress ?? "", forwarded.isEmpty ? nil : forwarded.joined(separator: ","))
        return try await next(request, context)
    }

    private static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
}

/// The addresses of this machine: 127.0.0.0/8 and ::1 (RFC 6890, sections 2.2.2 and 2.2.3).
enum Loopback {
    /// - Parameter address: as the system writes addresses.
    static func contains(_ address: String) -> Bool { address == "::1" || address.hasPrefix("127.") }
}
