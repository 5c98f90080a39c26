import NIOConcurrencyHelpers
import NIOCore

/// The connections of a door. One that somebody sends half a request over, or reads an export from and does not go on, would
/// keep a server from ending that waits for all; and nobody alone is to take every place.
final class OpenConnections: Sendable {
    /// How long an answer in hand may take when the server ends: long for a page, and short of the five seconds in which the
    /// whole server has ended.
    static let grace = Duration.seconds(2)

    private struct Entry {
        let channel: any Channel
        /// What it is counted as; nil when it is not.
        let address: String?
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var countByAddress: [String: Int] = [:]
    }

    private let state = NIOLockedValueBox(State())
    private let mostPerAddress: Int
    private let counted: @Sendable (String) -> String?

    /// - Parameters:
    ///   - mostPerAddress: connections that count as one address.
    ///   - counted: what a peer's connections are counted as; nil for who may have as many as there are.
    init(mostPerAddress: Int = .max, counted: @escaping @Sendable (String) -> String? = { _ in nil }) {
        self.mostPerAddress = mostPerAddress
        self.counted = counted
    }

    var count: Int { state.withLockedValue { $0.entries.count } }

    /// Notes one connection for as long as it is open.
    func note() -> any RemovableChannelHandler { ConnectionNote(self) }

    /// Ends those that are still open when the grace is over. What was on its way is cut: its receiver sees that the end is
    /// missing.
    func closeAllAfterGrace() async {
        guard (try? await Task.sleep(for: Self.grace)) != nil else { return }
        for entry in state.withLockedValue({ Array($0.entries.values) }) { entry.channel.close(promise: nil) }
    }

    /// Enters a connection; false when there is no place for it.
    func enter(_ channel: any Channel, from peer: String?) -> Bool {
        let address = peer.flatMap(counted)
        return state.withLockedValue { state in
            if let address {
                let count = state.countByAddress[address, default: 0]
                guard count < mostPerAddress else { return false }
                state.countByAddress[address] = count + 1
            }
            state.entries[ObjectIdentifier(channel)] = Entry(channel: channel, address: address)
            return true
        }
    }

    func leave(_ channel: any Channel) {
        state.withLockedValue { state in
            guard let address = state.entries.removeValue(forKey: ObjectIdentifier(channel))?.address,
                let count = state.countByAddress[address]
            else { return }
            state.countByAddress[address] = count > 1 ? count - 1 : nil
        }
    }
}

private final class ConnectionNote: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let connections: OpenConnections
    private var isIn = false

    init(_ connections: OpenConnections) { self.connections = connections }

    func handlerAdded(context: ChannelHandlerContext) {
        isIn = connections.enter(context.channel, from: context.remoteAddress?.ipAddress)
        if !isIn, context.channel.isActive { context.close(promise: nil) }
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        if !isIn { context.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { connections.leave(context.channel) }
}
