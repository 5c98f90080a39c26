/// Host names as they are compared: in lower case, without port and trailing dot.
package enum HostName {
    /// The name in a `Host` value or a URL's authority (user information taken off before). An IPv6 address keeps its brackets.
    package static func normalized(_ authority: some Collection<UInt8>) -> String {
        let bytes = Array(authority)
        return String(decoding: bytes[range(in: bytes.span)].map(\.asciiLowercased), as: UTF8.self)
    }

    package static func normalized(_ authority: String) -> String {
        normalized(authority.utf8)
    }

    /// Where the name stands: all but the port and one trailing dot.
    static func range(in authority: Span<UInt8>) -> Range<Int> {
        var end = authority.count
        if end > 0, authority[0] == UInt8(ascii: "["), case let close = authority.index(of: UInt8(ascii: "]")), close < end {
            end = close + 1
        } else {
            end = authority.index(of: UInt8(ascii: ":"))
        }
        if end > 0, authority[end - 1] == UInt8(ascii: ".") { end -= 1 }
        return 0..<end
    }
}
