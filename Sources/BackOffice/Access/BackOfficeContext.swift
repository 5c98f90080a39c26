import Hummingbird
import Logging
import NIOCore
import Office

/// What is known of a request besides itself.
struct BackOfficeContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Of the connection's other end; nil for a Unix socket.
    let address: SocketAddress?
    /// The client's, also behind a proxy of the operator's; empty for a Unix socket.
    var clientAddress = ""
    /// What of it is the client's own: all of an IPv4 address, of an IPv6 address the first half. nil where others share it.
    var clientNetwork: String?
    /// Whether the request came over TLS: to this server, or to a proxy of the operator's that says so.
    var isSecure = false
    /// nil until somebody has been recognised.
    var identity: Identity?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        address = source.channel.remoteAddress
    }

    /// Who makes the request, if they may do what takes a role.
    ///
    /// - Throws: ``Problem`` 401 or 403.
    func require(_ role: Role) throws -> Identity {
        guard let identity else {
            throw Problem(
                .unauthorized, type: "unauthorized",
                detail: "give a token as Authorization: Bearer …; an admin makes one with `porter token create`")
        }
        guard identity.role >= role else {
            throw Problem(
                .forbidden, type: "forbidden",
                detail: "this takes the role \(role.rawValue), and \(identity.name) has the role \(identity.role.rawValue)")
        }
        return identity
    }
}
