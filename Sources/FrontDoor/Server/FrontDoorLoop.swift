import Attribution
import NIOCore

/// What one event loop has of the front door: its desk, its connections, its certificates. Touched by that loop alone.
final class FrontDoorLoop {
    let desk: SignupDesk
    let register: ConnectionRegister
    var contexts: TLSContexts?
    private let proxies: TrustedProxies
    private let recordedAddress: RecordedAddress
    private let recvAllocator: FixedSizeRecvByteBufferAllocator
    private var sweep: RepeatedTask?

    init(
        desk: SignupDesk, register: ConnectionRegister, contexts: TLSContexts?, proxies: TrustedProxies,
        recordedAddress: RecordedAddress
    ) {
        self.desk = desk
        self.register = register
        self.contexts = contexts
        self.proxies = proxies
        self.recordedAddress = recordedAddress
        recvAllocator = FixedSizeRecvByteBufferAllocator(capacity: desk.limits.readBytes)
    }

    /// Begins to look at deadlines and at the clock.
    func start() {
        let interval = desk.limits.sweepInterval
        let loop = NIOLoopBound(self, eventLoop: desk.eventLoop)
        sweep = desk.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            let now = NIODeadline.now()
            loop.value.desk.tick(at: now)
            loop.value.register.sweep(at: now)
        }
    }

    func stop() {
        sweep?.cancel()
    }

    /// Lets no one in any more; the future is fulfilled when the last connection has closed and no record is waited for.
    func finish() -> EventLoopFuture<Void> {
        let closed = desk.eventLoop.makePromise(of: Void.self)
        let settled = desk.eventLoop.makePromise(of: Void.self)
        register.finish(closed)
        desk.notifyWhenSettled(settled)
        return closed.futureResult.and(settled.futureResult).map { _ in }
    }

    struct NoRoom: Error {}

    /// Sets an accepted channel up. An error closes it.
    func accept(_ channel: any Channel, isSecure: Bool) throws {
        try setOptions(of: channel)
        let address = channel.remoteAddress.flatMap(IPAddress.init)
        let peer = Peer(address: address, trustedProxies: proxies, recorded: recordedAddress)
        let connection = Connection(channel: channel, desk: desk, peer: peer, door: isSecure ? .https : .http)
        guard register.enter(connection) else {
            desk.measures.noteTurnedAway()
            throw NoRoom()
        }
        desk.measures.noteAccepted(at: connection.door)
        channel.closeFuture.assumeIsolated().whenComplete { _ in self.register.leave(connection) }
        let pipeline = channel.pipeline.syncOperations
        if isSecure, let contexts {
            try pipeline.addHandler(ClientHelloHandler(connection: connection, contexts: contexts))
        } else {
            try pipeline.addHandler(HTTP1Handler(connection: connection))
        }
    }
    /// Set here and not as the bootstrap's options, each of which costs a chain of futures.
    private func setOptions(of channel: any Channel) throws {
        guard let options = channel.syncOptions else { return }
        try options.setOption(.maxMessagesPerRead, value: 1)
        try options.setOption(.recvAllocator, value: recvAllocator)
        try options.setOption(.allowRemoteHalfClosure, value: true)
        #if !os(Linux)
        try options.setOption(.tcpOption(.tcp_nodelay), value: 1)
        #endif
    }
}
