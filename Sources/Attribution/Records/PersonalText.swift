/// A visitor's bytes as text that can be kept: ASCII, one line, reversible but for its bound.
package enum PersonalText {
    /// Bytes of a text that are kept.
    package static let maximumBytes = 512

    /// `%`, control characters, DEL and bytes from 0x80 on as `%XX`, cut to ``maximumBytes``.
    package static func escaped(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(min(bytes.count, maximumBytes))
        for byte in bytes {
            if text.count >= maximumBytes { break }
            if byte == UInt8(ascii: "%") || byte < 0x20 || byte >= 0x7F {
                text.appendPercentEscape(byte)
            } else {
                text.append(byte)
            }
        }
        return String(decoding: text.prefix(maximumBytes), as: UTF8.self)
    }
}
