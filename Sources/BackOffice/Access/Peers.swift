/// What is known of who connects: the operator's proxies speak for others.
package struct Peers: Sendable {
    /// The client behind a peer, given the peer's address and its `X-Forwarded-For`.
    let client: @Sendable (String, String?) -> String
    /// Whether a peer is a proxy whose word on its clients counts.
    let isTrustedProxy: @Sendable (String) -> Bool
    /// What a client is counted as, which an IPv6 client has many addresses of; nil for this machine and for proxies, behind which
    /// are others.
    let counted: @Sendable (String) -> String?

    package init(
        client: @escaping @Sendable (String, String?) -> String, isTrustedProxy: @escaping @Sendable (String) -> Bool,
        counted: @escaping @Sendable (String) -> String?
    ) {
        self.client = client
        self.isTrustedProxy = isTrustedProxy
        self.counted = counted
    }
}
