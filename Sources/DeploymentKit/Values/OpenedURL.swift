import Attribution

/// A URL that a server opens, and what its browser asks for.
struct OpenedURL: Equatable, Sendable {
    let scheme: SignupRequest.Scheme
    /// Host and port as the URL has them, without user information.
    let authority: [UInt8]
    /// Path and query, without the fragment, which no browser sends.
    private(set) var target: [UInt8]

    /// nil unless the text, but for white space around it, is absolute with http or https and a host.
    init?(_ text: String) {
        let bytes = Array(text.trimmed.utf8)
        let prefixes: [(scheme: SignupRequest.Scheme, prefix: StaticString)] = [(.https, "https://"), (.http, "http://")]
        guard let match = prefixes.first(where: { bytes.hasPrefixIgnoringASCIICase($0.prefix) }) else { return nil }
        let rest = bytes.dropFirst(match.prefix.utf8CodeUnitCount)
        var authority = rest.prefix { !"/?#".utf8.contains($0) }
        let behind = rest[authority.endIndex...].prefix { $0 != UInt8(ascii: "#") }
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) { authority = authority[(at + 1)...] }
        guard !authority.isEmpty, authority.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        scheme = match.scheme
        self.authority = Array(authority)
        target = behind.first == UInt8(ascii: "/") ? [] : [UInt8(ascii: "/")]
        for byte in behind {
            if Self.isSentAsIs(byte) { target.append(byte) } else { target.appendPercentEscape(byte) }
        }
    }

    /// What browsers send encoded (WHATWG URL, section 1.3), the whole target alike: Porter decodes path and query alike.
    private static func isSentAsIs(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
    }

    /// As ``HostName`` gives it.
    var host: String { HostName.normalized(authority) }

    /// nil when what stands there is no number.
    var port: Int? { scheme.port(in: authority) }

    /// The same with a parameter more, as the module adds the Partner ID.
    func adding(_ name: String, _ value: String) -> OpenedURL {
        var url = self
        url.target.append(target.contains(UInt8(ascii: "?")) ? UInt8(ascii: "&") : UInt8(ascii: "?"))
        url.target.appendURLEncoded(name.utf8)
        url.target.append(UInt8(ascii: "="))
        url.target.appendURLEncoded(value.utf8)
        return url
    }

    /// Internet Explorer 11 on Windows Server 2012 R2.
    private static let userAgent = "Mozilla/5.0 (Windows NT 6.3; Trident/7.0; rv:11.0) like Gecko"

    /// The request that reaches a gateway.
    var request: SignupRequest {
        let method = Array("GET".utf8)
        var head = RequestHead(
            bytes: method + target, method: 0..<method.count, target: method.count..<(method.count + target.count),
            version: .http11)
        head.appendField(name: "host".utf8, value: authority)
        head.appendField(name: "user-agent".utf8, value: Self.userAgent.utf8)
        return SignupRequest(head: head, scheme: scheme, tlsVersion: scheme == .https ? .tls12 : nil)
    }
}

extension OpenedURL: CustomStringConvertible {
    var description: String { "\(scheme.rawValue)://" + String(decoding: authority + target, as: UTF8.self) }
}

extension Array where Element == UInt8 {
    /// Appends all but RFC 3986's unreserved characters as `%XX`: right for a segment of a path and for a part of a query.
    mutating func appendURLEncoded(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if byte.isURIUnreserved { append(byte) } else { appendPercentEscape(byte) }
        }
    }
}
