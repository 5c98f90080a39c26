import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import Office
import ServiceLifecycle

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The API on the Unix socket `control.sock` in the data folder, by which commands change a running server.
///
/// Only the folder's owner can connect: the socket has mode 0600, and it is made in a folder of mode 0700 and moved to its
/// place afterwards, so that there is no moment at which it is open to others. The move also replaces what a server that
/// died left behind; the caller holds the data folder's lock, so no living server's socket is there.
package struct ControlServer: Sendable {
    /// Why the socket can't be had: what, where, what to do.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package static let socketName = "control.sock"
    /// Names the command's user, for histories and the access log.
    package static let userHeader = "Porter-User"
    /// `sun_path` is 108 bytes on Linux, the closing zero included (unix(7)).
    package static let maximumPathBytes = 107
    /// Commands come one at a time and close their connection; whoever holds one open longer has forgotten it.
    private static let idleTimeout = TimeAmount.seconds(30)
    private static let nurseryName = ".control"

    private let socketPath: String
    private let nursery: String
    private let api: API
    private let metrics: MetricsEndpoint
    private let logger: Logger
    private let listening: @Sendable () -> Void

    /// - Parameters:
    ///   - folder: the data folder, whose lock the caller holds.
    ///   - listening: called once, when commands can connect.
    /// - Throws: ``Failure`` when the folder's path is too long for a Unix socket.
    package init(
        folder: String,
        desks: Desks,
        logger: Logger,
        listening: @escaping @Sendable () -> Void = {}
    ) throws {
        try Self.checkPath(folder: folder)
        socketPath = folder + "/" + Self.socketName
        nursery = folder + "/" + Self.nurseryName
        api = API(desks: desks, logger: logger)
        metrics = MetricsEndpoint(desk: desks.metrics)
        self.logger = logger
        self.listening = listening
    }

    /// Says in time whether a server can be made for a data folder.
    ///
    /// - Throws: ``Failure`` when the folder's path is too long for a Unix socket.
    package static func checkPath(folder: String) throws {
        let path = folder + "/" + socketName
        guard path.utf8.count <= maximumPathBytes else {
            throw Failure(
                description: "the path \(path) has \(path.utf8.count) bytes, and a Unix socket's may have "
                    + "\(maximumPathBytes); use a shorter path for --data")
        }
    }

    /// Serves until its task is cancelled, then lets the request in hand end and removes the socket.
    ///
    /// - Throws: ``Failure`` when the socket can't be made.
    package func run() async throws {
        try makeNursery()
        defer {
            unlink(socketPath)
            removeNursery()
        }
        let router = Router(context: BackOfficeContext.self)
        router.add(middleware: Problems(pages: nil, logger: logger))
        router.add(middleware: CommandIdentity())
        api.add(to: router)
        metrics.add(to: router)
        let (published, publication) = AsyncStream.makeStream(of: Failure?.self)
        let connections = OpenConnections()
        let application = Application(
            router: router,
            server: .http1(
                configuration: .init(additionalChannelHandlers: [connections.note()], idleTimeout: Self.idleTimeout)),
            configuration: ApplicationConfiguration(address: .unixDomainSocket(path: nursery + "/s")),
            onServerRunning: { _ in publication.yield(publish()) },
            logger: quietLogger()
        )
        let services = ServiceGroup(configuration: .init(services: [.init(service: application)], logger: quietLogger()))
        // A task of its own, which our cancellation does not reach: a connection that is cancelled in the middle can take the
        // process with it, so the server is asked to end instead.
        let serving = Task {
            defer { publication.finish() }
            try await services.run()
        }
        try await withTaskCancellationHandler {
            for await failure in published {
                if let failure {
                    await services.triggerGracefulShutdown()
                    try? await serving.value
                    throw failure
                }
                listening()
                break
            }
            try await serving.value
        } onCancel: {
            Task {
                await services.triggerGracefulShutdown()
                await connections.closeAllAfterGrace()
            }
        }
    }

    private func makeNursery() throws {
        removeNursery()
        guard mkdir(nursery, 0o700) == 0 else {
            throw Failure(
                description: "\(nursery) can't be made: \(Self.systemError()); check that the data folder can be written")
        }
    }

    private func removeNursery() {
        unlink(nursery + "/s")
        rmdir(nursery)
    }

    /// Moves the socket, which listens already, to where commands look for it.
    private func publish() -> Failure? {
        let born = nursery + "/s"
        guard chmod(born, 0o600) == 0, rename(born, socketPath) == 0 else {
            return Failure(description: "\(socketPath) can't be made: \(Self.systemError()); check the data folder")
        }
        rmdir(nursery)
        return nil
    }

    /// Hummingbird says where it listens, which would be the nursery, and calls being stopped an error. What goes wrong with a
    /// request, the API says itself.
    private func quietLogger() -> Logger {
        var quiet = logger
        quiet.logLevel = .critical
        return quiet
    }

    private static func systemError() -> String { String(cString: strerror(errno)) }
}

/// Whoever can open the socket owns the data folder, and may do everything.
private struct CommandIdentity: RouterMiddleware {
    typealias Context = BackOfficeContext

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var context = context
        let name = request.headers[HTTPField.Name(ControlServer.userHeader)!] ?? "command"
        context.identity = Identity(name: name, role: .admin, way: .command, address: "")
        return try await next(request, context)
    }
}
