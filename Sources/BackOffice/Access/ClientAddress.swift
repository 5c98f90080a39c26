import HTTPTypes
import Hummingbird

/// Learns where a request comes from and over what, first of all: sign-ins are slowed down by the address, the access log names it,
/// and cookies, links and headers depend on whether somebody on the way could read them.
struct ClientAddress: RouterMiddleware {
    typealias Context = BackOfficeContext

    let peers: Peers
    /// Whether the door itself speaks TLS.
    let isSecure: Bool

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var context = context
        let peer = context.address?.ipAddress ?? ""
        let forwarded = request.headers[values: Self.forwardedFor]
        context.clientAddress = peers.client(peer, forwarded.isEmpty ? nil : forwarded.joined(separator: ","))
        context.clientNetwork = peers.counted(context.clientAddress)
        // Exactly this: of a list, or of two fields, it is not known which one the proxy wrote.
        context.isSecure =
            isSecure || request.headers[values: Self.forwardedProto] == ["https"] && peers.isTrustedProxy(peer)
        return try await next(request, context)
    }

    private static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
    private static let forwardedProto = HTTPField.Name("X-Forwarded-Proto")!
}

/// The addresses of this machine: 127.0.0.0/8 and ::1 (RFC 6890, sections 2.2.2 and 2.2.3).
enum Loopback {
    /// - Parameter address: as the system writes addresses.
    static func contains(_ address: String) -> Bool { address == "::1" || address.hasPrefix("127.") }
}
