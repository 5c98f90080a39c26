import Attribution
import NIOHPACK

extension RequestHead {
    /// An HTTP/2 request's head (RFC 9113, section 8.3.1). NIOHTTP2 has checked that the pseudo-header fields are there, once,
    /// and before the others. It makes text of all bytes, so that those which are not UTF-8 come as U+FFFD.
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
        let bytes = Array(method.utf8) + Array(path.utf8)
        let middle = method.utf8.count
        self.init(bytes: bytes, method: 0..<middle, target: middle..<bytes.count, version: .http2)
        if let authority { appendField(name: "host".utf8, value: authority.utf8) }
        for (name, value, _) in headers where !name.hasPrefix(":") {
            if name == "host", value == authority { continue }
            appendField(name: name.utf8, value: value.utf8)
        }
    }
}
