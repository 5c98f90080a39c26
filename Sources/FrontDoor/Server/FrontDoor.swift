package import Attribution
package import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The server that sign-ups arrive at: HTTPS and HTTP listeners, and the event loops that answer.
package final class FrontDoor: Sendable {
    private typealias BoundLoop = NIOLoopBound<FrontDoorLoop>

    /// Why the front door does not open.
    package struct StartError: Error, CustomStringConvertible {
        package let description: String
    }

    /// Where HTTPS listens; nil without.
    package let httpsAddress: ListenAddress?
    /// Where plain HTTP listens; nil without.
    package let httpAddress: ListenAddress?

    private let group: MultiThreadedEventLoopGroup
    private let loops: [BoundLoop]
    private let listeners: [any Channel]
    private let identities: TLSIdentities?
    private let isClosed = Atomic(false)

    private init(
        group: MultiThreadedEventLoopGroup, loops: [BoundLoop], identities: TLSIdentities?, https: (any Channel)?,
        http: (any Channel)?
    ) {
        self.group = group
        self.loops = loops
        self.identities = identities
        listeners = [https, http].compactMap { $0 }
        httpsAddress = https?.localAddress.flatMap(ListenAddress.init)
        httpAddress = http?.localAddress.flatMap(ListenAddress.init)
    }

    /// Opens the door.
    ///
    /// - Throws: ``StartError`` for an address that cannot be bound, ``TLSError`` for certificates that cannot be used.
    package static func start(
        _ configuration: FrontDoorConfiguration, recorder: any Recorder, snapshot: Snapshot
    ) async throws -> FrontDoor {
        var identities: TLSIdentities?
        var contexts: TLSContexts?
        if configuration.https != nil {
            guard let settings = configuration.tls else {
                throw TLSError(description: "HTTPS needs a certificate: give --tls-certificate and --tls-key")
            }
            (identities, contexts) = try TLSIdentities.load(settings, farewell: configuration.limits.tlsFarewell)
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, configuration.eventLoops))
        do {
            let loops = try await makeLoops(
                configuration, group: group, recorder: recorder, snapshot: snapshot, contexts: contexts
            )
            let bound = try await bind(configuration, group: group, loops: loops)
            return FrontDoor(group: group, loops: loops, identities: identities, https: bound.https, http: bound.http)
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    // MARK: While it is open

    /// Replaces routes, directory and error pages, in the next turn of each event loop (``waitForChanges()``).
    package func replace(_ snapshot: Snapshot) {
        guard !isClosed.load(ordering: .acquiring) else { return }
        for loop in loops { loop.eventLoop.execute { loop.value.desk.snapshot = snapshot } }
    }

    /// Has somebody answer what is asked below `/s/`, from the next turn of each event loop on; until then there is nothing.
    package func answerCustomers(by pages: any CustomerPages) {
        guard !isClosed.load(ordering: .acquiring) else { return }
        for loop in loops { loop.eventLoop.execute { loop.value.desk.customerPages = pages } }
    }

    /// Rereads the certificate files. New connections get the new ones (``waitForChanges()``); those that are open keep theirs.
    ///
    /// - Returns: whether the files had changed.
    /// - Throws: when what they hold cannot be used; the old certificates then stay.
    @discardableResult
    package func reloadCertificates() throws(TLSError) -> Bool {
        guard !isClosed.load(ordering: .acquiring), let contexts = try identities?.reload() else { return false }
        for loop in loops { loop.eventLoop.execute { loop.value.contexts = contexts } }
        return true
    }

    /// The certificates that new connections are shown, and where they were read; none without HTTPS.
    package var certificates: [(path: String, certificate: ServedCertificate)] { identities?.certificates ?? [] }

    /// Returns when every event loop works with what ``replace(_:)`` and ``reloadCertificates()`` have handed over: no request
    /// that is sent later is judged by anything older.
    package func waitForChanges() async {
        guard !isClosed.load(ordering: .acquiring) else { return }
        for loop in loops { try? await loop.eventLoop.submit {}.get() }
    }

    /// How many connections are open.
    package func connectionCount() async -> Int {
        // Loops that have ended answer no more.
        guard !isClosed.load(ordering: .acquiring) else { return 0 }
        var count = 0
        for loop in loops { count += (try? await loop.eventLoop.submit { loop.value.register.count }.get()) ?? 0 }
        return count
    }

    /// What all event loops have counted; nil once the door is shut.
    package func measures() async -> FrontDoorMeasures? {
        guard !isClosed.load(ordering: .acquiring) else { return nil }
        let told = loops.map { loop in
            loop.eventLoop.submit { loop.value.desk.measures.told(with: loop.value.register) }
        }
        var sum = FrontDoorMeasures()
        for future in told {
            guard let measures = try? await future.get() else { return nil }
            sum.add(measures)
        }
        return sum
    }

    // MARK: The end

    /// How long what is left after the grace may take to say farewell in TLS.
    private static let lastFarewell = TimeAmount.milliseconds(700)

    /// Closes the door: accepts no one, closes idle connections, answers what has been asked, and after `grace` closes what
    /// is still open. Returns when everything is closed. The event loops go on until ``end()``, since the recorder may still
    /// complete batches on them. A second call does nothing.
    package func shutdown(grace: TimeAmount = .seconds(3)) async {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        for listener in listeners { try? await listener.close() }
        let finished = loops.map { loop in
            loop.eventLoop.flatSubmit { loop.value.finish() }
        }
        let everyone = EventLoopFuture.andAllComplete(finished, on: loops[0].eventLoop)
        await Self.wait(for: everyone, atMost: grace)
        for loop in loops { loop.eventLoop.execute { loop.value.register.closeAll() } }
        await Self.wait(for: everyone, atMost: Self.lastFarewell)
        for loop in loops { loop.eventLoop.execute { loop.value.stop() } }
    }

    /// Ends the event loops of a door that is shut, when the recorder has completed every batch.
    package func end() async {
        try? await group.shutdownGracefully()
    }

    private static func wait(for future: EventLoopFuture<Void>, atMost time: TimeAmount) async {
        let promise = future.eventLoop.makePromise(of: Void.self)
        let timer = future.eventLoop.scheduleTask(in: time) { promise.succeed() }
        future.whenComplete { _ in promise.succeed() }
        try? await promise.futureResult.get()
        timer.cancel()
    }
}

// MARK: Opening

extension FrontDoor {
    private static func makeLoops(
        _ configuration: FrontDoorConfiguration, group: MultiThreadedEventLoopGroup, recorder: any Recorder, snapshot: Snapshot,
        contexts: TLSContexts?
    ) async throws -> [BoundLoop] {
        let eventLoops = Array(group.makeIterator())
        var loops: [BoundLoop] = []
        for eventLoop in eventLoops {
            let loop = try await eventLoop.submit {
                let limits = configuration.limits
                let loop = FrontDoorLoop(
                    desk: SignupDesk(
                        eventLoop: eventLoop, limits: limits, snapshot: snapshot, recorder: recorder,
                        surroundings: configuration.surroundings, observer: configuration.observer
                    ),
                    register: ConnectionRegister(limits: limits, loops: eventLoops.count),
                    contexts: contexts,
                    proxies: TrustedProxies(configuration.trustedProxies, recorded: configuration.recordedAddress),
                    recordedAddress: configuration.recordedAddress
                )
                loop.start()
                return NIOLoopBound(loop, eventLoop: eventLoop)
            }.get()
            loops.append(loop)
        }
        return loops
    }

    private static func bind(
        _ configuration: FrontDoorConfiguration, group: MultiThreadedEventLoopGroup, loops: [BoundLoop]
    ) async throws -> (https: (any Channel)?, http: (any Channel)?) {
        var https: (any Channel)?
        if let address = configuration.https {
            https = try await listen(at: address, configuration.limits, group: group, loops: loops, isSecure: true)
        }
        do {
            guard let address = configuration.http else { return (https, nil) }
            return (https, try await listen(at: address, configuration.limits, group: group, loops: loops, isSecure: false))
        } catch {
            try? await https?.close()
            throw error
        }
    }

    private static func listen(
        at address: ListenAddress, _ limits: FrontDoorLimits, group: MultiThreadedEventLoopGroup, loops: [BoundLoop],
        isSecure: Bool
    ) async throws -> any Channel {
        let byEventLoop = Dictionary(uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.eventLoop), $0) })
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: limits.acceptBacklog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // Accepted sockets inherit both on Linux.
            .serverChannelOption(.socketOption(.so_rcvbuf), value: limits.receiveBufferBytes)
            .serverChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: limits.acceptsPerTurn)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // Channels are given to the loops of the group, and each of them is in the dictionary.
                    try byEventLoop[ObjectIdentifier(channel.eventLoop)]!.value.accept(channel, isSecure: isSecure)
                }
            }
        do {
            return try await bootstrap.bind(host: address.host, port: address.port).get()
        } catch {
            let what = isSecure ? "--https" : "--http"
            let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
            throw StartError(description: "cannot listen at \(address): \(reason); give another address with \(what), or off")
        }
    }
}

extension ListenAddress {
    init?(_ address: SocketAddress) {
        guard let host = address.ipAddress, let port = address.port else { return nil }
        self.init(host: host, port: port)
    }
}
