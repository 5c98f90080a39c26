/// Who a client is behind the operator's proxies, for doors other than the front door: the back office's stands behind the same.
package struct ForwardedClient: Sendable {
    private let proxies: TrustedProxies

    /// - Parameter trustedProxies: whose `X-Forwarded-For` counts.
    package init(trustedProxies: [AddressRange]) {
        proxies = TrustedProxies(trustedProxies, recorded: .full)
    }

    /// - Parameters:
    ///   - peer: the address at the other end of the connection.
    ///   - forwardedFor: the header's value, several joined by commas.
    /// - Returns: the client's address; the peer's own, as it was given, when it is no trusted proxy or does not say.
    package func address(peer: String, forwardedFor: String?) -> String {
        guard let forwardedFor, let address = IPAddress(peer.utf8), proxies.contains(address) else { return peer }
        let client = proxies.client(behind: address, forwardedFor: Array(forwardedFor.utf8)[...])
        return client == address ? peer : client.description
    }

    /// Whether a peer is one of the proxies whose word counts.
    package func trusts(peer: String) -> Bool { IPAddress(peer.utf8).map(proxies.contains) ?? false }

    /// What a client is counted as, as connections are at the front door: its address, of IPv6 its /64; nil for who is exempt,
    /// which are the proxies and this machine.
    package func countedAddress(peer: String) -> String? {
        Peer(address: IPAddress(peer.utf8), trustedProxies: proxies, recorded: .none).countedAddress?.description
    }
}
