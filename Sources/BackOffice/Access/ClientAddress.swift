import Foundation
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
        // Exactly this: of a list, or of two fields, it is not known which one the proxy wrote.
        context.isSecure =
            isSecure || request.headers[values: Self.forwardedProto] == ["https"] && peers.isTrustedProxy(peer)
        return try await next(request, context)
    }

    private static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
    private static let forwardedProto = HTTPField.Name("X-Forwarded-Proto")!
}

/// What one client has of addresses.
enum ClientNetwork {
    /// An IPv4 address, also when it is written as IPv6 (RFC 4291, section 2.5.5.2); of an IPv6 address the first 64 bits: the
    /// others are its owner's to choose (RFC 4291, section 2.5.1; RFC 8981), a new one for each request if they like. What is
    /// no address, and this machine's own, is left as it is.
    static func text(of address: String) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard !Loopback.contains(address), inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        if bytes.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]) {
            return bytes.suffix(4).map { String($0) }.joined(separator: ".")
        }
        return stride(from: 0, to: 8, by: 2).map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }
            .joined(separator: ":") + "::/64"
    }
}

/// The addresses of this machine: 127.0.0.0/8 and ::1 (RFC 6890, sections 2.2.2 and 2.2.3).
enum Loopback {
    /// - Parameter address: as the system writes addresses.
    static func contains(_ address: String) -> Bool { address == "::1" || address.hasPrefix("127.") }
}
