import Attribution
package import Ledger

/// Handshakes that failed in the same way, as the API and `porter log handshakes` tell. What is not known is left out.
package struct HandshakeDocument: Encodable, Sendable {
    /// A word of ``HandshakeFailure``.
    package let reason: String
    /// The host that was asked for; `other` for those of a day that had too many.
    package let serverName: String?
    /// The highest version that the client offered.
    package let offeredVersion: String?
    /// The Windows release that the client seems to be: a word of ``WindowsGeneration``.
    package let windows: String?
    package let connections: Int64
    /// RFC 3339.
    package let earliest: String
    package let latest: String
    /// What would help: a word of ``HandshakeMend``.
    package let mend: String?

    enum CodingKeys: String, CodingKey {
        case reason, windows, connections, earliest, latest, mend
        case serverName = "server_name"
        case offeredVersion = "offered_version"
    }

    package init(_ handshakes: FailedHandshakes) {
        let failure = handshakes.failure
        reason = failure.reason
        serverName = failure.serverName
        offeredVersion = failure.offeredVersion
        windows = failure.windows?.rawValue
        connections = handshakes.connections
        earliest = handshakes.earliest.description
        latest = handshakes.latest.description
        mend = HandshakeMend(failure)?.rawValue
    }
}
