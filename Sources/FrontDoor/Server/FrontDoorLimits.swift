import Attribution
package import NIOCore

/// The sizes, counts and times that bound what one client, and all of them together, can cost.
///
/// What a request may hold is in `RequestLimits`; these bound connections. Tests inject smaller ones.
package struct FrontDoorLimits: Sendable {
    /// From accept to a whole ClientHello. One round trip is enough; Schannel sends it in one segment.
    package var clientHello: TimeAmount = .seconds(5)
    /// From the ClientHello to the end of the handshake: two more round trips and a slow server's RSA arithmetic.
    package var handshake: TimeAmount = .seconds(10)
    /// From the first byte of a request head to its last, however the bytes are spread, so that a byte now and then buys nothing.
    package var head: TimeAmount = .seconds(10)
    /// From the head's end to the body's: at most 8 KiB.
    package var body: TimeAmount = .seconds(10)
    /// A connection on which nothing is asked. A sign-up is one request; a minute serves those who read the page and click again.
    package var idle: TimeAmount = .seconds(60)
    /// How long an answer waits for its record's commit, which takes milliseconds. A disk that hangs for longer than this is
    /// not there: the visitor gets 503 and may try again, rather than a browser that waits for ever.
    package var commit: TimeAmount = .seconds(10)
    /// How long a customer's page may take, which reads and writes the office: as long as a commit, for the same reasons.
    package var customerPage: TimeAmount = .seconds(10)
    /// How long a client may leave answers unread once the socket's buffer is full.
    package var writeStall: TimeAmount = .seconds(20)
    /// How long what a refused client still sends is read and thrown away, so that the reset which an early close causes does
    /// not destroy the answer on its way (RFC 9112, section 9.6).
    package var drain: TimeAmount = .seconds(2)
    /// How much of it is.
    package var drainBytes = 65_536

    /// How often deadlines are looked at. One sweep over all connections costs less than a timer on each; it makes every time
    /// above late by at most this.
    package var sweepInterval: TimeAmount = .milliseconds(250)

    /// Unanswered requests of one connection, at which reading stops: two commits' worth of pipelining.
    package var unansweredRequests = 32
    /// What one read takes from the socket: a ClientHello with a post-quantum share, or nearly any sign-up, fits. Each connection
    /// keeps so much.
    package var readBytes = 4_096
    /// The kernel's receive buffer of a connection. When a client closes its half, NIO reads what is left in it, whether we want
    /// to read or not: this bounds it. Linux doubles the number.
    package var receiveBufferBytes = 65_536
    /// Open connections, over all event loops: a third of a gigabyte at 30 KB each, far more than sign-ups ever need.
    package var connections = 10_000
    /// Open connections from one address: a quarter of all, so that nobody alone can take every place. A carrier's NAT stays
    /// below it. Loopback and trusted proxies are exempt.
    package var connectionsPerAddress = 2_500
    /// Connections waiting to be accepted, cut by `net.core.somaxconn`: a burst while a loop is busy.
    package var acceptBacklog: Int32 = 4_096
    /// Connections that one turn of an event loop accepts: enough that those who come together are recorded in one commit, few
    /// enough that those who are already in don't wait for a crowd.
    package var acceptsPerTurn: UInt = 16

    /// TLS's farewell. NIOSSL waits 5 s by default, which a stopping server has not got.
    package var tlsFarewell: TimeAmount = .milliseconds(500)
    /// A ClientHello, over all its records. The largest seen, with post-quantum shares, have 2 KiB.
    package var clientHelloBytes = 16_384
    /// Records that one ClientHello may be spread over.
    package var clientHelloRecords = 8

    /// Streams that one HTTP/2 client may have open: as many as an HTTP/1 client may have requests unanswered.
    package var http2Streams = 32
    /// What one HTTP/2 head may have before the connection ends, for NIOHTTP2 has no milder word: twice the limit of a head, so
    /// that what is only somewhat too large is answered 431 like everywhere else.
    package var http2HeaderListBytes = 2 * RequestLimits.headBytes
    /// Streams that a client may reset, and control frames it may send, in 30 s, before the connection is closed: a browser
    /// resets a stream when its user goes back, not two hundred times.
    package var http2ResetsPer30Seconds = 200

    package init() {}
}
