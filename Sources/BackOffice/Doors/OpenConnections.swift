import NIOConcurrencyHelpers
import NIOCore

/// The connections of a door. One that somebody sends half a request over, or reads an export from and does not go on, would
/// keep a server from ending that waits for all.
final class OpenConnections: Sendable {
    /// How long an answer in hand may take when the server ends: long for a page, and short of the five seconds in which the
    /// whole server has ended.
    static let grace = Duration.seconds(2)

    private let channels = NIOLockedValueBox<[ObjectIdentifier: any Channel]>([:])

    /// Notes one connection for as long as it is open.
    func note() -> any RemovableChannelHandler { ConnectionNote(self) }

    /// Ends those that are still open when the grace is over. What was on its way is cut: its receiver sees that the end is
    /// missing.
    func closeAllAfterGrace() async {
        guard (try? await Task.sleep(for: Self.grace)) != nil else { return }
        for channel in channels.withLockedValue({ Array($0.values) }) { channel.close(promise: nil) }
    }

    fileprivate func add(_ channel: any Channel) { channels.withLockedValue { $0[ObjectIdentifier(channel)] = channel } }
    fileprivate func remove(_ channel: any Channel) { channels.withLockedValue { $0[ObjectIdentifier(channel)] = nil } }
}

private final class ConnectionNote: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let connections: OpenConnections

    init(_ connections: OpenConnections) { self.connections = connections }

    func handlerAdded(context: ChannelHandlerContext) { connections.add(context.channel) }
    func handlerRemoved(context: ChannelHandlerContext) { connections.remove(context.channel) }
}
