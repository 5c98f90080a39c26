/// Why a connection, a handshake or an answer did not come about.
package enum ProbeFailure: Error, Hashable, Sendable {
    case nameNotFound(String)
    case refused
    case unreachable(String)
    case timedOut(Stage)
    case closed(Stage)
    case handshake(HandshakeReason)
    case notHTTP
    /// The server closed within the answer's head, or it is longer than a probe reads.
    case unfinishedHead
    case setup(String)

    package enum Stage: String, Sendable {
        case connecting
        case handshake = "shaking hands (TLS)"
        case answer = "waiting for the answer"
    }

    /// One line for a person.
    var inWords: String {
        switch self {
        case .nameNotFound(let detail): "the host name can't be resolved (\(detail))"
        case .refused: "the connection was refused: nothing listens on that port"
        case .unreachable(let detail): "the host can't be reached (\(detail))"
        case .timedOut(let stage): "timed out while \(stage.rawValue)"
        case .closed(let stage): "the server closed the connection while \(stage.rawValue)"
        case .handshake(let reason): reason.inWords
        case .notHTTP: "the answer is not HTTP"
        case .unfinishedHead: "the answer broke off, or its head is longer than 64 KiB"
        case .setup(let detail): "OpenSSL can't be set up (\(detail))"
        }
    }

    /// Whether another release, or another path, would fare no better: nobody gets as far as a ClientHello that is understood.
    var concernsEveryone: Bool {
        switch self {
        case .nameNotFound, .refused, .unreachable, .timedOut(.connecting), .handshake(.notTLS): true
        default: false
        }
    }

    /// Whether it came before the server could know which path is meant.
    var isBeforeRequest: Bool {
        switch self {
        case .timedOut(.answer), .closed(.answer), .notHTTP, .unfinishedHead: false
        default: true
        }
    }
}
