package import Attribution

/// Where a gateway answers sign-ups: scheme and host, and a port when it is not the usual one. Paths are the routes' to say.
package struct GatewayURL: Hashable, Sendable {
    package let scheme: SignupRequest.Scheme
    /// Host and port, in lower case.
    let authority: String
    /// As ``HostName`` gives it: without the port.
    package let host: String

    /// - Throws: ``KitFault`` unless it is `https://host` or `http://host`, with or without a port, and perhaps one slash at the
    ///   end.
    package init(_ text: String) throws(KitFault) {
        let bytes = Array(text.utf8)
        let prefixes: [(scheme: SignupRequest.Scheme, prefix: StaticString)] = [(.https, "https://"), (.http, "http://")]
        guard let match = prefixes.first(where: { bytes.hasPrefixIgnoringASCIICase($0.prefix) }) else {
            throw Self.fault(text, "is no absolute http or https URL")
        }
        let rest = bytes.dropFirst(match.prefix.utf8CodeUnitCount)
        let authority = rest.prefix { !"/?#".utf8.contains($0) }
        let behind = rest[authority.endIndex...]
        guard !authority.contains(UInt8(ascii: "@")) else { throw Self.fault(text, "has user information before @") }
        if let problem = HostSyntax.problem(ofAuthority: authority) { throw Self.fault(text, "has a host that \(problem)") }
        guard behind.isEmpty || behind.elementsEqual("/".utf8) else {
            throw Self.fault(text, "has more behind its host, and the paths are those of the routes")
        }
        scheme = match.scheme
        self.authority = String(decoding: authority.map(\.asciiLowercased), as: UTF8.self)
        host = HostName.normalized(authority)
    }

    var port: Int? { scheme.port(in: authority.utf8) }

    private static func fault(_ text: String, _ problem: String) -> KitFault {
        KitFault(
            .gateway, text.quoted, message: "the gateway \(text.quoted) \(problem); give one such as https://gateway.example.com")
    }
}

extension GatewayURL: CustomStringConvertible {
    /// Without a slash at the end.
    package var description: String { "\(scheme.rawValue)://\(authority)" }
}
