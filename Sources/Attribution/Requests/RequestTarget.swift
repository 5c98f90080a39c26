/// A request target in its parts (RFC 9112, section 3.2), still encoded. From the first `#` on it is cut: some old clients
/// send the fragment along.
struct RequestTarget {
    /// All three are places in the head's bytes. An empty path, as an absolute URL may have, means `/`.
    let path: Range<Int>
    /// Behind the first `?`; empty without one.
    let query: Range<Int>
    /// Of the absolute form, without user information.
    let authority: Range<Int>?

    /// nil unless the target is in origin form, or in absolute form with http or https.
    init?(_ head: RequestHead) {
        let target = head.bytes.span.extracting(head.target)
        let offset = head.target.lowerBound
        let end = target.index(of: UInt8(ascii: "#"))
        var start = 0
        if target.isEmpty || target[0] != UInt8(ascii: "/") {
            guard let authority = Self.authority(target.extracting(..<end)) else { return nil }
            self.authority = authority.lowerBound + offset..<authority.upperBound + offset
            start = authority.upperBound
        } else {
            authority = nil
        }
        let mark = target.extracting(..<end).index(of: UInt8(ascii: "?"), from: start)
        path = start + offset..<mark + offset
        query = min(mark + 1, end) + offset..<end + offset
    }

    private static func authority(_ url: Span<UInt8>) -> Range<Int>? {
        var start: Int
        if url.contains(lowercase: "http://", at: 0) {
            start = 7
        } else if url.contains(lowercase: "https://", at: 0) {
            start = 8
        } else {
            return nil
        }
        var end = start
        while end < url.count, url[end] != UInt8(ascii: "/"), url[end] != UInt8(ascii: "?") {
            end += 1
            if url[end - 1] == UInt8(ascii: "@") { start = end }
        }
        return start == end ? nil : start..<end
    }
}
