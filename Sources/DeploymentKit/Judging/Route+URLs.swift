import Attribution

extension Route {
    /// Whether the route is asked for on this host.
    ///
    /// - Parameter host: as ``HostName`` gives it.
    func answers(on host: String) -> Bool { hosts.isEmpty || hosts.contains(host) }

    /// What the module opens when `Partner` alone is set: the provider's own URL, with the ID as a parameter.
    ///
    /// Under which name the module sends it is not documented: the first is taken that the route accepts.
    ///
    /// - Parameters:
    ///   - partner: the text of the value.
    ///   - gateway: the host that is asked; nil for one that the route answers on.
    /// - Returns: nil when the route has no path without an ID in it, or does not answer on the gateway's host.
    func providerURL(partner: String, on gateway: GatewayURL?) -> OpenedURL? {
        guard let path = paths.first(where: { !$0.segments.contains(.partner) }),
            gateway.map({ answers(on: $0.host) }) ?? true
        else { return nil }
        // A route of any host answers on every one.
        let start = gateway?.description ?? "https://\(hosts.first ?? "localhost")"
        return OpenedURL(start + path.written(for: nil))?.adding(self.partner.parameters.first ?? "Partner", partner)
    }

    /// The path that takes an ID, so that attribution needs no parameter; nil when the route has none.
    var partnerPath: PathPattern? { paths.first { $0.segments.contains(.partner) } }
}

extension PathPattern {
    /// The path as a URL has it, the ID in place of `{partner}`.
    func written(for partner: PartnerID?) -> String {
        var path: [UInt8] = []
        // The first segment is the empty one before the first slash.
        for (index, segment) in segments.enumerated() {
            if index > 0 { path.append(UInt8(ascii: "/")) }
            switch segment {
            case .literal(let literal): path.appendURLEncoded(literal)
            case .partner: path += (partner?.description ?? "").utf8
            }
        }
        return String(decoding: path, as: UTF8.self)
    }
}
