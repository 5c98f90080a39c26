import NIOCore

/// All open connections of one event loop: counts them, watches their deadlines, and ends them when the server stops.
final class ConnectionRegister {
    private let limits: FrontDoorLimits
    private let connectionLimit: Int
    private let addressLimit: Int
    private var connections: [Connection] = []
    private var countByAddress: [IPAddress: Int] = [:]
    private var isFinishing = false
    private var whenEmpty: EventLoopPromise<Void>?

    /// - Parameter loops: among how many event loops the limits are divided. Connections are dealt out to them in turn.
    init(limits: FrontDoorLimits, loops: Int) {
        self.limits = limits
        connectionLimit = max(1, limits.connections / loops)
        addressLimit = max(1, limits.connectionsPerAddress / loops)
    }

    var count: Int { connections.count }

    /// Goes through all connections: asked now and then.
    func countByPlace() -> [FrontDoorMeasures.Place: Int] {
        var counts: [FrontDoorMeasures.Place: Int] = [:]
        for connection in connections {
            guard let stage = connection.stage?.kind else { continue }
            counts[FrontDoorMeasures.Place(door: connection.door, stage: stage), default: 0] += 1
        }
        return counts
    }

    /// Enters a connection; false when there is no place for it.
    func enter(_ connection: Connection) -> Bool {
        guard !isFinishing, connections.count < connectionLimit else { return false }
        if let address = connection.peer.countedAddress {
            let count = countByAddress[address, default: 0]
            guard count < addressLimit else { return false }
            countByAddress[address] = count + 1
        }
        connection.place = connections.count
        connections.append(connection)
        return true
    }

    /// Must be called once when an entered connection's channel has closed.
    func leave(_ connection: Connection) {
        connection.stage = nil
        let last = connections.removeLast()
        if last !== connection {
            last.place = connection.place
            connections[last.place] = last
        }
        connection.place = -1
        if let address = connection.peer.countedAddress, let count = countByAddress[address] {
            countByAddress[address] = count > 1 ? count - 1 : nil
        }
        if isFinishing, connections.isEmpty { whenEmpty?.succeed() }
    }

    /// Tells those whose time is over.
    func sweep(at now: NIODeadline) {
        // A stage that is told may close its channel and leave: go through a copy.
        let late = connections.filter { $0.deadline <= now }
        for connection in late {
            connection.deadline = .distantFuture
            connection.stage?.runOutOfTime()
        }
    }

    /// Lets no one in any more, and asks every connection to come to its end. The promise is fulfilled when all have left.
    func finish(_ promise: EventLoopPromise<Void>) {
        isFinishing = true
        whenEmpty = promise
        if connections.isEmpty { return promise.succeed() }
        for connection in connections { connection.stage?.finish() }
    }

    /// Closes what is still open, whatever it is doing.
    func closeAll() {
        for connection in connections { connection.channel.close(promise: nil) }
    }
}
