/// A visitor's bytes as text that can be kept: ASCII, one line, reversible but for its bound.
package enum PersonalText {
    /// Bytes of a text that are kept.
    package static let maximumBytes = 512

    /// `%`, control characters, DEL and bytes from 0x80 on as `%XX`, cut to ``maximumBytes``.
    package static func escaped(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: Self.bytes(Array(bytes.prefix(maximumBytes)).span), as: UTF8.self)
    }

    /// The same in bytes.
    static func bytes(_ bytes: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(min(bytes.count, maximumBytes))
        for index in bytes.indices {
            if text.count >= maximumBytes { break }
            if isEscaped(bytes[index]) { text.appendPercentEscape(bytes[index]) } else { text.append(bytes[index]) }
        }
        if text.count > maximumBytes { text.removeLast(text.count - maximumBytes) }
        return text
    }

    /// Whether the bytes are kept as they are, and stand as they are in JSON too.
    static func isPlain(_ bytes: Span<UInt8>) -> Bool {
        bytes.count <= maximumBytes
            && !bytes.hasAny {
                ($0 < 0x20).bit | ($0 >= 0x7F).bit | ($0 == UInt8(ascii: "%")).bit | ($0 == UInt8(ascii: "\"")).bit
                    | ($0 == UInt8(ascii: "\\")).bit
            }
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "%") || byte < 0x20 || byte >= 0x7F
    }
}
