/// A connection that ended before TLS was established.
package struct FailedHandshake: Hashable, Sendable {
    /// A token from a closed set, for example `handshake-timeout`, `no-shared-cipher`: ``HandshakeFailure``.
    package let reason: String
    /// The server name the client asked for; nil when it sent none or one that is no host name.
    package let serverName: String?
    /// The highest version that the client offered, such as `1.0`; nil when it offered none that is known.
    package let offeredVersion: String?
    /// nil for what does not look like one.
    package let windows: WindowsGeneration?

    package init(reason: String, serverName: String?, offeredVersion: String?, windows: WindowsGeneration? = nil) {
        self.reason = reason
        self.serverName = serverName
        self.offeredVersion = offeredVersion
        self.windows = windows
    }
}
