import Attribution
import NIOHPACK

extension RequestHead {
    /// An HTTP/2 request's head (RFC 9113, section 8.3.1). NIOHTTP2 has checked that the pseudo-header fields are there, once,
    /// and before the others.
    ///
    /// NIOHPACK makes text of all bytes, so that those which are not UTF-8 come as U+FFFD, which would be a valid value of what
    /// the visitor sent. In the target and in the fields that are recorded it becomes a byte again that is not UTF-8. U+FFFD
    /// itself never stands there raw: a target is ASCII, and writes it percent-encoded (RFC 9113, section 8.3.1; RFC 3986).
    ///
    /// `:authority` stands in Host's place. A Host that differs is kept as a second one, which no decision accepts.
    init(_ headers: HPACKHeaders) {
        var method = ""
        var path = ""
        var authority: String?
        for (name, value, _) in headers where name.hasPrefix(":") {
            switch name {
            case ":method": method = value
            case ":path": path = value
            case ":authority": authority = value
            default: break
            }
        }
        let bytes = Array(method.utf8) + Self.unrepaired(path)
        let middle = method.utf8.count
        self.init(bytes: bytes, method: 0..<middle, target: middle..<bytes.count, version: .http2)
        if let authority { appendField(name: "host".utf8, value: authority.utf8) }
        for (name, value, _) in headers where !name.hasPrefix(":") {
            if name == "host", value == authority { continue }
            if name == "user-agent" || name == "referer" {
                appendField(name: name.utf8, value: Self.unrepaired(value))
            } else {
                appendField(name: name.utf8, value: value.utf8)
            }
        }
    }

    /// The text's bytes, with 0xFF, which is never UTF-8, for each U+FFFD.
    private static func unrepaired(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        // Nearly all texts are ASCII: they are done here.
        guard bytes.contains(0xEF) else { return bytes }
        var rest = bytes[...]
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        while let byte = rest.first {
            let isReplacement = rest.starts(with: [0xEF, 0xBF, 0xBD])
            result.append(isReplacement ? 0xFF : byte)
            rest.removeFirst(isReplacement ? 3 : 1)
        }
        return result
    }
}
