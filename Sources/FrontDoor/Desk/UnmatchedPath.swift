import Attribution

/// The path of a request target, as the table of unmatched paths wants it.
enum UnmatchedPath {
    /// Cuts the query, the fragment, and of an absolute target the scheme and the authority.
    static func of(_ target: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var path = target
        if path.first != UInt8(ascii: "/"), let colon = path.firstIndex(of: UInt8(ascii: ":")),
            path[colon...].starts(with: "://".utf8)
        {
            let authority = path[colon...].dropFirst(3)
            let end = authority.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
            path = path[(end ?? path.endIndex)...]
        }
        let end = path.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
        let bare = path[..<(end ?? path.endIndex)]
        return bare.isEmpty ? [UInt8(ascii: "/")] : bare
    }
}
