internal import Attribution

/// A destination as a route file names it, and everything that is wrong with it.
///
/// It is sent as it is written, with the query behind it: so it must be an absolute URI that needs no mending.
struct DestinationURL {
    let text: String
    /// In lower case, without the port.
    private(set) var host = ""
    /// Second halves of sentences that begin with the URL.
    private(set) var problems: [String] = []

    init(_ text: String, allowInsecure: Bool) {
        self.text = text
        let bytes = Array(text.utf8)
        guard let colon = Self.endOfScheme(bytes) else {
            problems.append("is not absolute, expected https://host/path")
            return
        }
        checkScheme(String(decoding: bytes[..<colon], as: UTF8.self).lowercased(), allowInsecure: allowInsecure)
        var rest = bytes[(colon + 3)...]
        takeOff(&rest, from: UInt8(ascii: "#"), "has a fragment, expected none: write it in destination.fragment")
        takeOff(&rest, from: UInt8(ascii: "?"), "has a query, expected none: write its parameters in destination.query")
        let endOfAuthority = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        checkAuthority(rest[..<endOfAuthority])
        if let problem = URISyntax.problem(in: Array(rest[endOfAuthority...]), allowing: URISyntax.path) {
            problems.append(problem)
        }
    }

    /// Where the colon of `scheme://` stands.
    private static func endOfScheme(_ bytes: [UInt8]) -> Int? {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            bytes[colon...].starts(with: Array("://".utf8)),
            bytes[..<colon].allSatisfy({ isSchemeByte($0) })
        else { return nil }
        return colon
    }

    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private mutating func checkScheme(_ scheme: String, allowInsecure: Bool) {
        switch scheme {
        case "https": break
        case "http" where allowInsecure: break
        case "http": problems.append("is not https, expected https://, or allowInsecure: true beside it")
        default: problems.append("is not https, expected https://host/path")
        }
    }

    private mutating func takeOff(_ rest: inout ArraySlice<UInt8>, from mark: UInt8, _ problem: String) {
        guard let index = rest.firstIndex(of: mark) else { return }
        problems.append(problem)
        rest = rest[..<index]
    }

    private mutating func checkAuthority(_ authority: ArraySlice<UInt8>) {
        var authority = authority
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
            problems.append("has user information before @, expected the host alone")
            authority = authority[(at + 1)...]
        }
        guard !authority.isEmpty, authority.first != UInt8(ascii: ":") else {
            problems.append("has no host, expected https://host/path")
            return
        }
        if let problem = HostSyntax.problem(ofAuthority: authority) {
            problems.append("has a host that \(problem), expected a name such as signup.example.com")
        }
        host = HostName.normalized(authority)
    }
}
