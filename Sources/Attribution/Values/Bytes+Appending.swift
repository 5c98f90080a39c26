/// For percent escapes (RFC 3986, section 2.1).
package let upperHexDigits = Array("0123456789ABCDEF".utf8)
/// For hashes.
package let lowerHexDigits = Array("0123456789abcdef".utf8)

extension OutputSpan where Element == UInt8 {
    mutating func append(_ run: Span<UInt8>) {
        run.withUnsafeBufferPointer { append(run: $0) }
    }

    mutating func append(_ run: [UInt8]) {
        append(run.span)
    }

    /// Inlined, because a run whose length the compiler knows is copied in a few instructions.
    @inline(__always)
    mutating func append(_ text: StaticString) {
        append(run: text.bytes)
    }

    @inline(__always)
    mutating func append(run: UnsafeBufferPointer<UInt8>) {
        guard let source = run.baseAddress else { return }
        precondition(run.count <= freeCapacity)
        withUnsafeMutableBufferPointer { bytes, count in
            // There is room, as was just made sure of, and an empty buffer has none.
            (bytes.baseAddress! + count).update(from: source, count: run.count)
            count += run.count
        }
    }

    /// Appends a number that is not negative, padded with zeros on the left: 20 bytes at most.
    mutating func appendDecimal(_ value: Int, width: Int = 1) {
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

    /// Appends two digits of a number below 100.
    mutating func appendTwoDigits(_ value: Int) {
        append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10))
        append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
    }

    /// Appends `%XX` with upper-case digits.
    mutating func appendPercentEscape(_ byte: UInt8) {
        append(UInt8(ascii: "%"))
        append(UInt8.lowerHexDigit(byte >> 4).asciiUppercased)
        append(UInt8.lowerHexDigit(byte & 15).asciiUppercased)
    }

    /// Appends each byte as two lower-case hexadecimal digits.
    mutating func appendHex(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes {
            withUnsafeBytes(of: byte.lowerHexDigits) { append(run: $0.assumingMemoryBound(to: UInt8.self)) }
        }
    }
}

extension Array where Element == UInt8 {
    mutating func append(_ run: Span<UInt8>) {
        run.withUnsafeBufferPointer { append(contentsOf: $0) }
    }

    mutating func append(_ text: StaticString) {
        append(contentsOf: text.bytes)
    }

    /// Appends a number that is not negative, padded with zeros on the left to at most 20 digits.
    package mutating func appendDecimal(_ value: Int, width: Int = 1) {
        append(addingCapacity: 20) { $0.appendDecimal(value, width: width) }
    }

    /// Appends `%XX` with upper-case digits.
    package mutating func appendPercentEscape(_ byte: UInt8) {
        append(addingCapacity: 3) { $0.appendPercentEscape(byte) }
    }

    /// Appends all but RFC 3986's unreserved characters as `%XX`.
    mutating func appendPercentEncoded(_ bytes: Span<UInt8>, letterCase: OutgoingParameter.LetterCase? = nil) {
        guard !bytes.isEmpty else { return }
        let unreserved = ASCIISet.uriUnreserved
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
        append(addingCapacity: 2 * bytes.count) { $0.appendHex(bytes) }
    }

    package mutating func appendHex(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { appendHex($0) }
    }
}

extension UInt8 {
    /// Two lower-case digits, the first in the byte that memory has first.
    fileprivate var lowerHexDigits: UInt16 {
        // Both digits at once: the half bytes apart, and to those over 9 the way from behind `9` to `a` added.
        let halves = UInt16(self >> 4) | UInt16(self & 15) << 8
        let letters = (halves &+ 0x0606) >> 4 & 0x0101
        return (halves &+ 0x3030 &+ letters &* 39).littleEndian
    }

    /// The digit of a value below 16.
    fileprivate static func lowerHexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }
}
