import Attribution
import NIOCore
import Testing

@testable import FrontDoor

@Suite("Addresses")
struct AddressTests {
    @Test(
        "are written as RFC 5952 says",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("::", "::"), ("::1", "::1"), ("1::", "1::"),
            ("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"), ("fe80::1:0:0:0", "fe80::1:0:0:0"),
        ]
    )
    func text(input: String, output: String) throws {
        #expect(try #require(IPAddress(input.utf8)).description == output)
    }

    @Test(
        "are nothing else",
        arguments: ["", "1.2.3", "1.2.3.4.5", "256.1.1.1", ":::", "g::", "fe80::1%eth0", "localhost", "1.2.3.4 "])
    func noAddress(input: String) {
        #expect(IPAddress(input.utf8) == nil)
    }

    @Test("of visitors are cut to /24 and /48 unless the operator wants more or less")
    func visitor() throws {
        let ipv4 = try #require(IPAddress("198.51.100.77".utf8))
        let ipv6 = try #require(IPAddress("2001:db8:1:2:3::4".utf8))
        #expect(VisitorAddress(ipv4, recorded: .truncated).recorded == "198.51.100.0")
        #expect(VisitorAddress(ipv6, recorded: .truncated).recorded == "2001:db8:1::")
        #expect(VisitorAddress(ipv4, recorded: .full).recorded == "198.51.100.77")
        #expect(VisitorAddress(ipv6, recorded: .none).recorded == nil)
        #expect(VisitorAddress(ipv4, recorded: .none).network == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 198, 51, 100, 0])
        #expect(VisitorAddress(ipv6, recorded: .full).network == [0x20, 1, 0xD, 0xB8, 0, 1] + [UInt8](repeating: 0, count: 10))
    }

    @Test("come from sockets of both families alike")
    func sockets() throws {
        let ipv4 = try SocketAddress(ipAddress: "192.0.2.7", port: 1)
        let mapped = try SocketAddress(ipAddress: "::ffff:192.0.2.7", port: 1)
        #expect(IPAddress(ipv4) == IPAddress(mapped))
        #expect(IPAddress(ipv4)?.isIPv4 == true)
        #expect(try IPAddress(SocketAddress(unixDomainSocketPath: "/x")) == nil)
    }

    @Test(
        "are in a range or not",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false), ("2001:db8::/32", "2001:db8:ffff::1", true), ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "2001:db8::1", false), ("::/0", "8.8.8.8", true), ("192.0.2.128/25", "192.0.2.127", false),
        ]
    )
    func range(range: String, address: String, isIn: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(try #require(IPAddress(address.utf8))) == isIn)
    }

    @Test(
        "ranges are written with a length that fits",
        arguments: ["10.0.0.0/33", "::/129", "10/8", "10.0.0.0/", "10.0.0.0/+8", "a/8", "1.1.1.1/8/8"])
    func badRange(text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test("of listeners have a host and a port")
    func listeners() {
        #expect(ListenAddress("0.0.0.0:8443") == ListenAddress(host: "0.0.0.0", port: 8443))
        #expect(ListenAddress("[::1]:80") == ListenAddress(host: "::1", port: 80))
        #expect(ListenAddress("[::1]:80")?.description == "[::1]:80")
        for bad in ["localhost", ":80", "::1:80", "a:65536", "a:-1", "a:"] { #expect(ListenAddress(bad) == nil, "\(bad)") }
    }
}

@Suite("Trusted proxies")
struct TrustedProxiesTests {
    private func client(
        forwardedFor: [String], proto: String? = nil, peer: String = "10.0.0.1"
    ) throws -> (visitor: String?, scheme: SignupRequest.Scheme?)? {
        var head = RequestHead(bytes: Array("GET/".utf8), method: 0..<3, target: 3..<4, version: .http11)
        for value in forwardedFor { head.appendField(name: "x-forwarded-for".utf8, value: value.utf8) }
        if let proto { head.appendField(name: "x-forwarded-proto".utf8, value: proto.utf8) }
        let proxies = TrustedProxies([try #require(AddressRange("10.0.0.0/8"))], recorded: .full)
        let peer = Peer(address: IPAddress(peer.utf8), trustedProxies: proxies, recorded: .full)
        guard let proxy = peer.proxy else { return nil }
        let client = proxy.client(of: head, peer: peer)
        return (client.visitor?.recorded, client.scheme)
    }

    @Test(
        "say who the visitor is: the right-most address that is not theirs",
        arguments: [
            (["203.0.113.9"], "203.0.113.9"), (["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
            (["203.0.113.9, 10.1.1.1"], "203.0.113.9"),
            (["1.1.1.1", "203.0.113.9 ,10.2.2.2"], "203.0.113.9"), (["10.3.3.3,10.2.2.2"], "10.3.3.3"), ([], "10.0.0.1"),
            (["unknown"], "10.0.0.1"), (["203.0.113.9, unknown"], "10.0.0.1"), (["203.0.113.9:4711"], "203.0.113.9"),
            (["[2001:db8::1]:80"], "2001:db8::1"), (["2001:db8::1"], "2001:db8::1"), (["203.0.113.9,"], "10.0.0.1"),
        ]
    )
    func visitor(fields: [String], expected: String) throws {
        #expect(try client(forwardedFor: fields)?.visitor == expected)
    }

    @Test("say which scheme the visitor used")
    func scheme() throws {
        #expect(try client(forwardedFor: [], proto: "HTTPS")?.scheme == .https)
        #expect(try client(forwardedFor: [], proto: "http")?.scheme == .http)
        #expect(try client(forwardedFor: [], proto: "ftp")?.scheme == nil)
    }

    @Test("are believed, nobody else is")
    func others() throws {
        #expect(try client(forwardedFor: ["203.0.113.9"], peer: "192.0.2.1") == nil)
    }

    @Test(
        "say it to other doors as well",
        arguments: [
            ("10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"), ("10.0.0.1", "unknown", "10.0.0.1"),
            ("192.0.2.1", "203.0.113.9", "192.0.2.1"), ("", "203.0.113.9", ""),
        ]
    )
    func otherDoors(peer: String, forwarded: String, expected: String) throws {
        let client = ForwardedClient(trustedProxies: [try #require(AddressRange("10.0.0.0/8"))])
        #expect(client.address(peer: peer, forwardedFor: forwarded) == expected)
        #expect(client.address(peer: peer, forwardedFor: nil) == peer)
    }

    @Test("are known to other doors, which count connections as the front door does")
    func otherDoorsConnections() throws {
        let clients = ForwardedClient(trustedProxies: [try #require(AddressRange("10.0.0.0/8"))])
        #expect(clients.trusts(peer: "10.9.9.9") && !clients.trusts(peer: "192.0.2.1") && !clients.trusts(peer: ""))
        #expect(clients.countedAddress(peer: "192.0.2.1") == "192.0.2.1")
        #expect(clients.countedAddress(peer: "2001:db8::1") == clients.countedAddress(peer: "2001:db8::2"))
        func network(_ client: String) -> String? { clients.countedAddress(peer: client) }
        #expect(network("2001:db8:1:2::77") == network("2001:0DB8:1:2:ffff:1:2:3"))
        #expect(network("2001:db8:1:2::77") != network("2001:db8:1:3::1"))
        #expect(network("2001:db8:1:2::77") != network("2001:db8::1:2:0:1"))
        #expect(network("192.0.2.7") == network("::ffff:192.0.2.7") && network("192.0.2.7") != network("192.0.2.8"))
        #expect(network("::ffff:192.0.2.8") != network("::ffff:192.0.2.7"))
        for peer in ["10.9.9.9", "127.0.0.1", "::1", "::ffff:127.0.0.1", ""] { #expect(network(peer) == nil) }
    }
}
