import Attribution
import NIOCore

/// What a connection is busy with: the handler that now knows how long it may take, and how to end it decently.
protocol ConnectionStage: AnyObject {
    /// What it is counted as.
    var kind: FrontDoorMeasures.Stage { get }
    /// The connection's deadline is over.
    func runOutOfTime()
    /// The server stops: finish what is asked, take nothing more.
    func finish()
}

/// One accepted connection, from the first byte to the last. Belongs to its event loop.
final class Connection {
    let channel: any Channel
    let desk: SignupDesk
    let peer: Peer
    let door: FrontDoorMeasures.Door
    let scheme: SignupRequest.Scheme
    var tlsVersion: SignupRequest.TLSVersion?
    /// Whether the client has ended its half.
    var inputHasEnded = false
    /// Whether an HTTP/1 request has come, all of it.
    var hasAsked = false

    /// When the present stage must be over; looked at by the register's sweep.
    var deadline = NIODeadline.distantFuture
    /// Refers to the connection in turn: the register breaks the circle when the channel closes.
    var stage: (any ConnectionStage)?
    /// The place in the register.
    var place = -1

    init(channel: any Channel, desk: SignupDesk, peer: Peer, door: FrontDoorMeasures.Door) {
        self.channel = channel
        self.desk = desk
        self.peer = peer
        self.door = door
        scheme = door == .https ? .https : .http
    }

    /// - Returns: the present moment, for those who want to know how long the stage takes.
    @discardableResult
    func setDeadline(in time: TimeAmount) -> NIODeadline {
        let now = NIODeadline.now()
        deadline = now + time
        return now
    }

    /// Closes the channel, over TLS with a farewell.
    ///
    /// A client may answer that with TCP's end alone, or have ended its half before. NIOSSL would wait in vain for a farewell in
    /// return: on a channel that may be half-closed it never hears that nothing more can come.
    func close() {
        if inputHasEnded { return channel.close(mode: .output, promise: nil) }
        try? channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: false)
        channel.close(promise: nil)
    }

    /// Puts head and body together with what is known of the connection.
    func request(head: consuming RequestHead, body: consuming [UInt8]?) -> SignupRequest {
        guard let proxy = peer.proxy else {
            return SignupRequest(head: head, body: body, scheme: scheme, tlsVersion: tlsVersion, visitor: peer.visitor)
        }
        let client = proxy.client(of: head, peer: peer)
        // Of the TLS between the visitor and the proxy nothing is known.
        return SignupRequest(head: head, body: body, scheme: client.scheme ?? scheme, tlsVersion: nil, visitor: client.visitor)
    }
}
