/// Why a connection, a handshake or an answer did not come about.
enum ProbeFailure: Error, Equatable {
    case nameNotFound(String)
    case refused
    case unreachable(String)
    case timedOut(Stage)
    case closed(Stage)
    case handshake(String)
    case notHTTP
    case setup(String)

    enum Stage: String {
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
        case .handshake(let detail): detail
        case .notHTTP: "the answer is not HTTP"
        case .setup(let detail): "OpenSSL can't be set up (\(detail))"
        }
    }
}
