package import NIOCore

/// The counts and times that bound what one client of the back office can cost, in the words of the front door's limits. Tests
/// inject smaller ones.
package struct OfficeLimits: Sendable {
    /// From accept, or from the last answer, to the whole head of a request, the TLS handshake included, however the bytes are
    /// spread; and between two parts of a body. People read pages, and a connection that is silent for longer is opened again.
    package var idle: TimeAmount = .seconds(60)
    /// From the head's end to the body's, however the bytes are spread. The front door gives 10 s for 8 KiB; here the largest CSV,
    /// 64 MiB, comes in time over 2 Mbit/s.
    package var body: TimeAmount = .seconds(300)
    /// How long a client may leave an answer unread once the socket's buffer is full. The front door gives a browser 20 s; here
    /// programs work on an export while they read it.
    package var writeStall: TimeAmount = .seconds(60)
    /// How often the times of a request or an answer are looked at while one is on its way: it makes them late by at most this.
    package var sweepInterval: TimeAmount = .milliseconds(250)
    /// Open connections. Each browser opens six; whoever comes when all are taken waits in the kernel's queue.
    package var connections = 500
    /// Open connections from one address: a quarter of all, as at the front door, so that nobody alone can take every place.
    /// Loopback and trusted proxies are exempt: all who come through a tunnel or a proxy share its address, and a proxy bounds its
    /// clients itself.
    package var connectionsPerAddress = 125

    package init() {}
}
