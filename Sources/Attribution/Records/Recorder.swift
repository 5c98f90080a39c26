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
