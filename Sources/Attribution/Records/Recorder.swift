/// Where the front door hands its drafts: the ledger, seen from the hot path.
package protocol Recorder: Sendable {
    /// Takes drafts for the next commit, in order. Returns at once.
    ///
    /// - Parameter completion: called once, on the recorder's thread, when the drafts are synced to disk (`committed`) or will
    ///   never be (`failed`: nothing may then be answered but 503).
    /// - Returns: false when the queue has no room: nothing was taken, and `completion` is not called.
    func append(_ drafts: [RecordDraft], completion: @escaping @Sendable (AppendResult) -> Void) -> Bool

    /// Counts a request whose path no route matches. Not synced; may be dropped under load.
    func noteUnmatched(path: ArraySlice<UInt8>, time: Timestamp)

    /// Counts a connection that never became a request: failed handshakes, time-outs before TLS. Not synced; may be dropped.
    func noteFailedHandshake(_ failure: FailedHandshake, time: Timestamp)

    /// Whether commits succeed at present: what `/healthz` says.
    var isHealthy: Bool { get }
}

/// What became of drafts that were taken.
package enum AppendResult: Sendable {
    case committed
    case failed
}

/// A connection that ended before TLS was established.
package struct FailedHandshake: Hashable, Sendable {
    /// A token from a closed set, for example `handshake-timeout`, `no-shared-cipher`.
    package let reason: String
    /// The server name the client asked for; nil when it sent none or one that is no host name.
    package let serverName: String?
    /// The highest version that the client offered, such as `1.0`; nil when it offered none that is known.
    package let offeredVersion: String?

    package init(reason: String, serverName: String?, offeredVersion: String?) {
        self.reason = reason
        self.serverName = serverName
        self.offeredVersion = offeredVersion
    }
}
