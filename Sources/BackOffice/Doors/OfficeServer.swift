import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import ServiceLifecycle

/// The back office's own door: pages and API for people and programs that sign in.
package struct OfficeServer: Sendable {
    /// Why it can't listen: what, where, what to do.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Where it listens.
    package struct Address: Sendable {
        let host: String
        let port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }

        /// Whether only this machine can connect.
        package var isLoopback: Bool {
            if host == "localhost" { return true }
            guard let text = try? SocketAddress(ipAddress: host, port: port).ipAddress else { return false }
            return Loopback.contains(text)
        }
    }

    /// Four times the front door's: Explain is asked about a request that fits there, its URL, form and fields percent-encoded.
    private static let headLimits = HTTP1Channel.Configuration.DecoderConfiguration(
        maxHeaderFieldSize: 64 << 10, maxHeaderListSize: 64 << 10, maxHeaderFieldCount: 100)

    private let address: Address
    private let certificate: DoorCertificate?
    private let desks: Desks
    private let pageLibrary: PageLibrary
    private let peers: Peers
    private let limits: OfficeLimits
    private let logger: Logger

    /// - Parameters:
    ///   - certificate: nil for plain HTTP, which takes a loopback address.
    /// - Throws: ``Failure`` when others could read passwords on the way.
    package init(
        at address: Address, certificate: DoorCertificate?, desks: Desks, pageLibrary: PageLibrary,
        peers: Peers, limits: OfficeLimits = OfficeLimits(), logger: Logger
    ) throws {
        guard address.isLoopback || certificate != nil else {
            throw Failure(
                description:
                    "the back office does not listen on \(address.host) without TLS; give --tls-certificate and --tls-key, "
                    + "or a loopback address such as 127.0.0.1:\(address.port)")
        }
        self.address = address
        // On this machine there is nobody on the way, and a proxy or a tunnel in front speaks plain HTTP.
        self.certificate = address.isLoopback ? nil : certificate
        self.desks = desks
        self.pageLibrary = pageLibrary
        self.peers = peers
        self.limits = limits
        self.logger = logger
    }

    /// Whether the door itself speaks TLS; a proxy in front of it may in its place.
    package var isSecure: Bool { certificate != nil }

    /// What it counts by swift-metrics: the register must know of these.
    package static var metrics: [MetricDescription] { RequestMetrics.descriptions }

    /// A server that listens.
    package struct Running: Sendable {
        /// The port that was asked for, or that the system chose.
        package let port: Int
        package var connectionCount: Int { connections.count }
        fileprivate let services: ServiceGroup
        fileprivate let serving: Task<Void, any Error>
        fileprivate let connections: OpenConnections

        /// Answers what is in hand and ends, within seconds.
        package func shutdown() async {
            await services.triggerGracefulShutdown()
            let closing = Task { await connections.closeAllAfterGrace() }
            try? await serving.value
            closing.cancel()
        }
    }

    /// - Throws: ``Failure`` when it can't listen.
    package func start() async throws -> Running {
        let (listening, signal) = AsyncStream.makeStream(of: Int.self)
        let connections = OpenConnections(mostPerAddress: limits.connectionsPerAddress, counted: peers.counted)
        let application = try Application(
            router: router(), server: serverBuilder(connections),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port), serverName: nil, reuseAddress: true,
                availableConnectionsDelegate: .maximum(limits.connections, logger: quietLogger())),
            onServerRunning: { channel in signal.yield(channel.localAddress?.port ?? 0) },
            logger: quietLogger())
        let services = ServiceGroup(configuration: .init(services: [.init(service: application)], logger: quietLogger()))
        // A task of its own: a connection that is cancelled in the middle can take the process with it, so the server is asked
        // to end instead.
        let serving = Task {
            defer { signal.finish() }
            try await services.run()
        }
        for await port in listening {
            return Running(port: port, services: services, serving: serving, connections: connections)
        }
        do {
            try await serving.value
            throw Failure(description: "the back office ended while it started; its log says more")
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                description: "the back office can't listen on \(address.host):\(address.port): \(error); "
                    + "choose another --back-office, or off")
        }
    }

    private func serverBuilder(_ connections: OpenConnections) throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder.http1(
            configuration: .init(
                additionalChannelHandlers: [connections.note(), ConnectionClock(limits: limits)], idleTimeout: limits.idle,
                httpDecoderConfiguration: Self.headLimits))
        return if let certificate { try .tls(plain, tlsConfiguration: certificate.configuration()) } else { plain }
    }

    private func router() -> Router<BackOfficeContext> {
        let router = Router(context: BackOfficeContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestMetrics())
        router.add(middleware: ClientAddress(peers: peers, isSecure: isSecure))
        router.add(middleware: SecurityHeaders())
        let renderer = PageRenderer(pageLibrary: pageLibrary)
        router.add(middleware: Problems(pages: renderer, logger: logger))
        router.add(middleware: Authentication(desks: desks))
        MetricsEndpoint(desk: desks.metrics).add(to: router)
        // Once more for those who were recognised: they read in the language of their account.
        router.add(middleware: Problems(pages: renderer, logger: logger))
        API(desks: desks, logger: logger, description: pageLibrary.description).add(to: router)
        Pages(desks: desks, renderer: renderer).add(to: router)
        return router
    }

    /// Hummingbird calls being stopped an error. What goes wrong with a request, the answers say themselves.
    private func quietLogger() -> Logger {
        var quiet = logger
        quiet.logLevel = .critical
        return quiet
    }
}
