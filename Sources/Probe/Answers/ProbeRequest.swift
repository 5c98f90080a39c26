/// What Internet Explorer would ask, as far as it matters.
struct ProbeRequest {
    let scheme: String
    /// Host and port as in a Host field.
    let authority: String
    let path: String
    let userAgent: String

    /// `Porter-Test` keeps the request out of the visits.
    private var fields: [(name: String, value: String)] {
        [
            ("User-Agent", userAgent), ("Accept", "text/html, application/xhtml+xml, */*"), ("Accept-Language", "en-US"),
            ("Porter-Test", "1"),
        ]
    }

    var address: WebAddress { WebAddress(scheme: scheme, authority: authority, path: path) }

    // MARK: HTTP/1.1

    var http1: [UInt8] {
        let all = [("Host", authority)] + fields + [("Connection", "close")]
        let lines = ["GET \(path) HTTP/1.1"] + all.map { "\($0.0): \($0.1)" }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    // MARK: HTTP/2 (RFC 9113)

    /// All that a client has to send for one answer: preface, settings, the request. What it would send afterwards, above all the
    /// acknowledgement of the server's settings, no server waits for.
    var http2: [UInt8] {
        // SETTINGS_HEADER_TABLE_SIZE (1) and SETTINGS_ENABLE_PUSH (2), both 0: nothing to remember, nothing unasked.
        let settings: [UInt8] = [0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0]
        let pseudoFields = [(":method", "GET"), (":scheme", scheme), (":authority", authority), (":path", path)]
        let all = pseudoFields + fields.map { ($0.name.lowercased(), $0.value) }
        return Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
            + Self.frame(HTTP2Answer.FrameType.settings, flags: 0, stream: 0, settings)
            + Self.frame(
                HTTP2Answer.FrameType.headers, flags: HTTP2Answer.Flags.endStream | HTTP2Answer.Flags.endHeaders,
                stream: HTTP2Answer.stream, all.flatMap(Self.field))
    }

    private static func frame(_ type: UInt8, flags: UInt8, stream: UInt32, _ payload: [UInt8]) -> [UInt8] {
        let length = payload.count
        precondition(length < 1 << 14, "a request of more than one frame")
        return [UInt8(length >> 16), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF), type, flags]
            + (0..<4).map { UInt8(truncatingIfNeeded: stream >> (24 - 8 * UInt32($0))) } + payload
    }

    /// A literal field that is not to be remembered (RFC 7541, section 6.2.2).
    private static func field(name: String, value: String) -> [UInt8] {
        [0] + string(name) + string(value)
    }

    /// A string as it is (RFC 7541, section 5.2), its length in seven bits and, when they are not enough, in sevens.
    private static func string(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        guard bytes.count >= 0x7F else { return [UInt8(bytes.count)] + bytes }
        var length: [UInt8] = [0x7F]
        var rest = bytes.count - 0x7F
        while rest >= 0x80 {
            length.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return length + [UInt8(rest)] + bytes
    }
}
