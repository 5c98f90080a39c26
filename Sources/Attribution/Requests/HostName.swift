/// Host names as they are compared: in lower case, without port and trailing dot.
package enum HostName {
    /// The name in a `Host` value or a URL's authority (user information taken off before). An IPv6 address keeps its brackets.
    package static func normalized(_ authority: some BidirectionalCollection<UInt8>) -> String {
        String(decoding: normalizedBytes(authority), as: UTF8.self)
    }

    package static func normalized(_ authority: String) -> String {
        normalized(Array(authority.utf8))
    }

    static func normalizedBytes(_ authority: some BidirectionalCollection<UInt8>) -> [UInt8] {
        var name = authority[...]
        if name.first == UInt8(ascii: "["), let end = name.firstIndex(of: UInt8(ascii: "]")) {
            name = name[...end]
        } else if let colon = name.firstIndex(of: UInt8(ascii: ":")) {
            name = name[..<colon]
        }
        if name.last == UInt8(ascii: ".") { name = name.dropLast() }
        return name.map(\.asciiLowercased)
    }
}
