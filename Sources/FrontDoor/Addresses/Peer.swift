import Attribution

/// How much of a visitor's address the records keep: `--record-ip`.
package enum RecordedAddress: String, CaseIterable, Sendable {
    case full
    /// Cut to /24 or /48.
    case truncated
    case none
}

extension VisitorAddress {
    init(_ address: IPAddress, recorded: RecordedAddress) {
        let network = address.visitorNetwork
        let text: String? =
            switch recorded {
            case .full: address.description
            case .truncated: network.description
            case .none: nil
            }
        self.init(network: network.bytes, recorded: text)
    }
}

/// Who is at the other end of a connection: a visitor, or a proxy of the operator's that speaks for visitors.
struct Peer: Sendable {
    /// nil for a peer without an IP address.
    let address: IPAddress?
    let visitor: VisitorAddress?
    /// Set when the peer is a trusted proxy.
    let proxy: TrustedProxies?

    init(address: IPAddress?, trustedProxies: TrustedProxies, recorded: RecordedAddress) {
        self.address = address
        visitor = address.map { VisitorAddress($0, recorded: recorded) }
        proxy = address.map(trustedProxies.contains) == true ? trustedProxies : nil
    }

    /// The address that connections are counted by: a proxy carries many visitors, and the machine itself is no stranger.
    var countedAddress: IPAddress? {
        guard proxy == nil, let address, !address.isLoopback else { return nil }
        // Whoever has one IPv6 address has a /64 of them.
        return address.isIPv4 ? address : address.prefix(64)
    }
}

/// The proxies whose word on their clients counts: `--trusted-proxy`.
struct TrustedProxies: Sendable {
    private let ranges: [AddressRange]
    private let recorded: RecordedAddress

    init(_ ranges: [AddressRange], recorded: RecordedAddress) {
        self.ranges = ranges
        self.recorded = recorded
    }

    func contains(_ address: IPAddress) -> Bool { ranges.contains { $0.contains(address) } }

    /// Whom a request comes from, and over what, by the word of the proxy that sent it.
    func client(of head: RequestHead, peer: Peer) -> (visitor: VisitorAddress?, scheme: SignupRequest.Scheme?) {
        let client = peer.address.map { self.client(behind: $0, forwardedFor: head[.xForwardedFor] ?? []) }
        let visitor = client == peer.address ? peer.visitor : client.map { VisitorAddress($0, recorded: recorded) }
        return (visitor, scheme(of: head))
    }

    /// The right-most address of `X-Forwarded-For` that is no trusted proxy, since every proxy appends whom it saw and what
    /// stands further left is the visitor's own claim. An element that is no address ends the search: the peer itself, or the
    /// trusted proxy right of it, is then all that is known.
    func client(behind peer: IPAddress, forwardedFor: ArraySlice<UInt8>) -> IPAddress {
        var client = peer
        var rest = forwardedFor
        while !rest.isEmpty {
            let comma = rest.lastIndex(of: UInt8(ascii: ","))
            let element = rest[(comma.map { $0 + 1 } ?? rest.startIndex)...]
            guard let address = Self.address(in: element) else { break }
            client = address
            guard contains(address) else { break }
            rest = rest[..<(comma ?? rest.startIndex)]
        }
        return client
    }

    private func scheme(of head: RequestHead) -> SignupRequest.Scheme? {
        guard let value = head[.xForwardedProto] else { return nil }
        if value.equalsIgnoringASCIICase("https".utf8) { return .https }
        return value.equalsIgnoringASCIICase("http".utf8) ? .http : nil
    }

    /// An address with white space around it, perhaps in brackets, perhaps with a port: `192.0.2.1:443`, `[2001:db8::1]:443`.
    private static func address(in element: ArraySlice<UInt8>) -> IPAddress? {
        var text = element
        while text.first?.isBlank == true { text.removeFirst() }
        while text.last?.isBlank == true { text.removeLast() }
        if text.first == UInt8(ascii: "[") {
            guard let close = text.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            return IPAddress(text[..<close].dropFirst())
        }
        if let colon = text.firstIndex(of: UInt8(ascii: ":")), colon == text.lastIndex(of: UInt8(ascii: ":")) {
            return IPAddress(text[..<colon])
        }
        return IPAddress(text)
    }
}
