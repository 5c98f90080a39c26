/// An address with http or https, as far as the request depends on it (RFC 3986).
struct WebAddress: Equatable {
    /// `http` or `https`.
    let scheme: String
    /// In lower case, without user, and without the port that is the scheme's own.
    let authority: String
    /// Path and query.
    let path: String

    init(scheme: String, authority: some StringProtocol, path: some StringProtocol) {
        self.scheme = scheme
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last.map { $0.lowercased() } ?? ""
        let ownPort = scheme == "https" ? ":443" : ":80"
        self.authority = [ownPort, ":"].first { host.hasSuffix($0) }.map { String(host.dropLast($0.count)) } ?? host
        // Nobody is sent the fragment.
        let whole = path.prefix { $0 != "#" }
        self.path = Self.withoutDots(whole.prefix { $0 != "?" }) + whole.drop { $0 != "?" }
    }

    /// Where a Location leads from the address that was asked for (RFC 3986, section 5.2); nil when that is not on the web.
    init?(_ reference: String, from base: WebAddress) {
        // Browsers leave some control characters out, and so might read another scheme than stands here.
        guard reference.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else { return nil }
        var rest = reference.prefix { $0 != "#" }
        var scheme = base.scheme
        if let named = Self.scheme(of: rest) {
            rest = rest.dropFirst(named.count + 1)
            scheme = named.lowercased()
            guard scheme == "http" || scheme == "https", rest.hasPrefix("//") else { return nil }
        }
        let basePath = base.path.prefix { $0 != "?" }
        if rest.hasPrefix("//") {
            rest = rest.dropFirst(2)
            let authority = rest.prefix { $0 != "/" && $0 != "?" }
            let path = rest.dropFirst(authority.count)
            self.init(scheme: scheme, authority: authority, path: path.hasPrefix("/") ? String(path) : "/" + path)
            // A port alone is no host.
            guard !self.authority.isEmpty, !self.authority.hasPrefix(":") else { return nil }
        } else if rest.isEmpty {
            self = base
        } else if rest.hasPrefix("/") {
            self.init(scheme: scheme, authority: base.authority, path: rest)
        } else if rest.hasPrefix("?") {
            self.init(scheme: scheme, authority: base.authority, path: basePath + rest)
        } else {
            let folder = basePath.lastIndex(of: "/").map { basePath[...$0] } ?? "/"
            self.init(scheme: scheme, authority: base.authority, path: folder + rest)
        }
    }

    /// What stands before the first colon, if it may be a scheme (RFC 3986, section 3.1).
    private static func scheme(of reference: Substring) -> Substring? {
        guard let colon = reference.firstIndex(of: ":") else { return nil }
        let scheme = reference[..<colon]
        let isScheme = scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
        return isScheme && scheme.first?.isLetter == true ? scheme : nil
    }

    /// A path without the segments `.` and `..` (RFC 3986, section 5.2.4).
    private static func withoutDots(_ path: some StringProtocol) -> String {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        var kept: [String] = []
        for (index, segment) in segments.enumerated() {
            let isDots = segment == "." || segment == ".."
            if segment == ".." { _ = kept.popLast() }
            if !isDots { kept.append(String(segment)) } else if index == segments.count - 1 { kept.append("") }
        }
        return "/" + kept.joined(separator: "/")
    }
}
