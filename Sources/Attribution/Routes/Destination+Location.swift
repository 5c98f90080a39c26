extension Destination {
    /// The redirect's `Location`: the URL, the parameters that have a value, in order, and the fragment.
    ///
    /// - Parameter value: gives a parameter's value, decoded; nil leaves the parameter out.
    func location(_ value: (OutgoingParameter) -> String?) -> String {
        var location = Array(url.utf8)
        var separator = UInt8(ascii: "?")
        for parameter in query {
            guard let value = value(parameter) else { continue }
            location.append(separator)
            separator = UInt8(ascii: "&")
            location.appendPercentEncoded(parameter.name.utf8)
            location.append(UInt8(ascii: "="))
            location.appendPercentEncoded(value.utf8)
        }
        if let fragment {
            location.append(UInt8(ascii: "#"))
            location.appendFragment(Array(fragment.utf8))
        }
        return String(decoding: location, as: UTF8.self)
    }
}

extension Array where Element == UInt8 {
    /// All but RFC 3986's unreserved characters as `%XX`.
    fileprivate mutating func appendPercentEncoded(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if byte.isURIUnreserved { append(byte) } else { appendPercentEscape(byte) }
        }
    }

    /// What a fragment may hold stays, escapes too; all else as `%XX` (RFC 3986, section 3.5).
    fileprivate mutating func appendFragment(_ bytes: [UInt8]) {
        for (index, byte) in bytes.enumerated() {
            let isEscape = byte == UInt8(ascii: "%") && PercentEscape.value(at: index + 1, in: bytes) != nil
            if byte.isURIUnreserved || Self.fragmentPunctuation.contains(byte) || isEscape {
                append(byte)
            } else {
                appendPercentEscape(byte)
            }
        }
    }

    private static let fragmentPunctuation = Array("!$&'()*+,;=:@/?".utf8)
}
