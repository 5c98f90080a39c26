import Attribution
import Ledger

/// What the URL says of the request that `porter explain` is about.
struct ExplainedURL {
    /// Of a path, https: that is how sign-ups arrive.
    let scheme: SignupRequest.Scheme
    /// Host and port, without user information; nil for a path.
    let authority: [UInt8]?
    /// As clients send it to a server: path and query (RFC 9112, section 3.2.1), byte for byte as given.
    let target: [UInt8]

    /// - Throws: ``CommandFailure`` unless it is a path, or absolute with http or https and a host.
    init(_ url: [UInt8], namePrefix: String) throws {
        if url.first == UInt8(ascii: "/") {
            (scheme, authority, target) = (.https, nil, url)
            return
        }
        let prefixes: [(scheme: SignupRequest.Scheme, prefix: StaticString)] = [(.https, "https://"), (.http, "http://")]
        guard let match = prefixes.first(where: { url.hasPrefixIgnoringASCIICase($0.prefix) }) else {
            throw Self.noURL(url, namePrefix)
        }
        let rest = url.dropFirst(match.prefix.utf8CodeUnitCount)
        var authority = rest.prefix { !"/?#".utf8.contains($0) }
        let target = rest[authority.endIndex...]
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) { authority = authority[(at + 1)...] }
        guard !authority.isEmpty else { throw Self.noURL(url, namePrefix) }
        scheme = match.scheme
        self.authority = Array(authority)
        self.target = (target.first == UInt8(ascii: "/") ? [] : [UInt8(ascii: "/")]) + target
    }

    private static func noURL(_ url: [UInt8], _ namePrefix: String) -> CommandFailure {
        CommandFailure(
            message: "\(quoted(url)) is no sign-up URL; give an absolute http or https URL, or a path with \(namePrefix)host",
            exitCode: CommandFailure.badRequest)
    }

    static func quoted(_ bytes: [UInt8]) -> String {
        "\"\(TerminalText.escaped(String(decoding: bytes, as: UTF8.self)))\""
    }
}
