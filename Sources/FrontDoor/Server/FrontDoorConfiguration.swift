package import Attribution

/// How a ``FrontDoor`` is to be set up.
package struct FrontDoorConfiguration: Sendable {
    /// nil for no HTTPS.
    package var https: ListenAddress?
    /// nil for no plain HTTP.
    package var http: ListenAddress?
    /// Needed with ``https``.
    package var tls: TLSSettings?
    /// Peers whose `X-Forwarded-For` and `X-Forwarded-Proto` count.
    package var trustedProxies: [AddressRange] = []
    package var recordedAddress = RecordedAddress.truncated
    package var limits = FrontDoorLimits()
    /// Threads that serve connections.
    package var eventLoops = 1
    package var surroundings = Surroundings.system
    /// Hears of every sign-up once its record is committed, on the event loop: must return at once. nil costs nothing.
    package var observer: (@Sendable (RecordDraft) -> Void)?

    package init(https: ListenAddress? = nil, http: ListenAddress? = nil, tls: TLSSettings? = nil) {
        self.https = https
        self.http = http
        self.tls = tls
    }
}
