/// A request target in its parts (RFC 9112, section 3.2), still encoded. From the first `#` on it is cut: some old clients
/// send the fragment along.
struct RequestTarget {
    let path: ArraySlice<UInt8>
    /// Behind the first `?`; empty without one.
    let query: ArraySlice<UInt8>
    /// Of the absolute form, without user information.
    let authority: ArraySlice<UInt8>?

    /// nil unless the target is in origin form, or in absolute form with http or https.
    init?(_ target: ArraySlice<UInt8>) {
        var rest = target.prefix { $0 != UInt8(ascii: "#") }
        if rest.first == UInt8(ascii: "/") {
            authority = nil
        } else {
            guard let scheme = Self.schemes.first(where: rest.hasPrefixIgnoringASCIICase) else { return nil }
            rest = rest.dropFirst(scheme.utf8CodeUnitCount)
            var authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
            rest = rest[authority.endIndex...]
            if let at = authority.lastIndex(of: UInt8(ascii: "@")) { authority = authority[(at + 1)...] }
            guard !authority.isEmpty else { return nil }
            self.authority = authority
        }
        let path = rest.prefix { $0 != UInt8(ascii: "?") }
        self.path = path.isEmpty ? [UInt8(ascii: "/")] : path
        query = rest[path.endIndex...].dropFirst()
    }

    private static let schemes: [StaticString] = ["http://", "https://"]
}
