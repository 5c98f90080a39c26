/// For percent escapes (RFC 3986, section 2.1).
package let upperHexDigits = Array("0123456789ABCDEF".utf8)
/// For hashes.
package let lowerHexDigits = Array("0123456789abcdef".utf8)

extension Array where Element == UInt8 {
    mutating func append(_ run: Span<UInt8>) {
        run.withUnsafeBufferPointer { append(run: $0) }
    }

    mutating func append(_ text: StaticString) {
        append(run: text.bytes)
    }

    /// The same as `append(contentsOf:)`, without its provisions for sequences that don't know their length.
    mutating func append(run: UnsafeBufferPointer<UInt8>) {
        guard !run.isEmpty else { return }
        append(addingCapacity: run.count) { free in
            free.withUnsafeMutableBufferPointer { $1 = $0.initialize(fromContentsOf: run) }
        }
    }

    /// Appends a number that is not negative, padded with zeros on the left.
    package mutating func appendDecimal(_ value: Int, width: Int = 1) {
        precondition(value >= 0)
        // The digits come from the right.
        var digits = InlineArray<20, UInt8>(repeating: UInt8(ascii: "0"))
        var start = digits.count
        var rest = UInt(value)
        repeat {
            start -= 1
            digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        start = Swift.min(start, digits.count - Swift.min(width, digits.count))
        append(digits.span.extracting(start...))
    }

    /// Appends `%XX` with upper-case digits.
    package mutating func appendPercentEscape(_ byte: UInt8) {
        append(UInt8(ascii: "%"))
        append(upperHexDigits[Int(byte >> 4)])
        append(upperHexDigits[Int(byte & 15)])
    }

    /// Appends all but RFC 3986's unreserved characters as `%XX`.
    mutating func appendPercentEncoded(_ bytes: Span<UInt8>, letterCase: OutgoingParameter.LetterCase? = nil) {
        guard !bytes.isEmpty else { return }
        let unreserved = ByteSet.uriUnreserved
        append(addingCapacity: 3 * bytes.count) { encoded in
            for index in bytes.indices {
                let byte = letterCase?.applied(to: bytes[index]) ?? bytes[index]
                if unreserved.contains(byte) { encoded.append(byte) } else { encoded.appendPercentEscape(byte) }
            }
        }
    }

    /// Appends each byte as two lower-case hexadecimal digits.
    package mutating func appendHex(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        append(addingCapacity: 2 * bytes.count) { hex in
            for byte in bytes {
                hex.append(UInt8.lowerHexDigit(byte >> 4))
                hex.append(UInt8.lowerHexDigit(byte & 15))
            }
        }
    }

    package mutating func appendHex(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { appendHex($0) }
    }
}

extension OutputSpan where Element == UInt8 {
    /// Appends `%XX` with upper-case digits.
    mutating func appendPercentEscape(_ byte: UInt8) {
        append(UInt8(ascii: "%"))
        append(UInt8.lowerHexDigit(byte >> 4).asciiUppercased)
        append(UInt8.lowerHexDigit(byte & 15).asciiUppercased)
    }

    /// Appends two digits of a number below 100.
    mutating func appendTwoDigits(_ value: Int) {
        append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10))
        append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
    }
}

extension UInt8 {
    /// The digit of a value below 16.
    fileprivate static func lowerHexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }
}
