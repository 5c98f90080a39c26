// What the decision needs of bytes. Requests are compared as bytes and in ASCII only: a visitor's bytes need not be text.

extension UInt8 {
    /// `0` to `9`.
    package var isASCIIDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    /// `A` to `Z` and `a` to `z`.
    package var isASCIILetter: Bool {
        let lower = self | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
    }

    /// The value of a hexadecimal digit in either case; nil for any other byte.
    package var hexValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The lower-case letter of an upper-case one; any other byte itself.
    package var asciiLowercased: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }

    /// The upper-case letter of a lower-case one; any other byte itself.
    package var asciiUppercased: UInt8 {
        self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z") ? self & ~0x20 : self
    }

    /// RFC 3986 section 2.3.
    package var isURIUnreserved: Bool {
        isASCIILetter || isASCIIDigit || self == UInt8(ascii: "-") || self == UInt8(ascii: ".")
            || self == UInt8(ascii: "_") || self == UInt8(ascii: "~")
    }
}

/// For percent escapes (RFC 3986, section 2.1).
package let upperHexDigits = Array("0123456789ABCDEF".utf8)
/// For hashes.
package let lowerHexDigits = Array("0123456789abcdef".utf8)

extension Array where Element == UInt8 {
    /// Appends a number that is not negative, padded with zeros on the left.
    package mutating func appendDecimal(_ value: Int, width: Int = 1) {
        precondition(value >= 0)
        let start = count
        var rest = value
        repeat {
            append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0 || count - start < width
        self[start...].reverse()
    }

    /// Appends `%XX` with upper-case digits.
    package mutating func appendPercentEscape(_ byte: UInt8) {
        append(UInt8(ascii: "%"))
        append(upperHexDigits[Int(byte >> 4)])
        append(upperHexDigits[Int(byte & 15)])
    }

    /// Appends each byte as two lower-case hexadecimal digits.
    package mutating func appendHex(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            append(lowerHexDigits[Int(byte >> 4)])
            append(lowerHexDigits[Int(byte & 15)])
        }
    }
}

extension Collection where Element == UInt8 {
    /// Whether both are the same bytes, ASCII case not regarded.
    package func equalsIgnoringASCIICase(_ other: some Collection<UInt8>) -> Bool {
        count == other.count && zip(self, other).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
    }

    /// Whether `needle`, written in lower case, begins these bytes, ASCII case not regarded.
    package func hasPrefixIgnoringASCIICase(_ needle: StaticString) -> Bool {
        prefix(needle.utf8CodeUnitCount).elementsEqual(needle.bytes) { $0.asciiLowercased == $1 }
    }
}

extension StaticString {
    /// The text's bytes, which live as long as the program.
    package var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
    }
}

extension RandomAccessCollection<UInt8> where Index == Int {
    /// Where `needle`, written in lower case, first occurs at or after `start`, ASCII case not regarded.
    package func firstIndexIgnoringASCIICase(of needle: StaticString, from start: Int? = nil) -> Int? {
        let needle = needle.bytes
        var index = start ?? startIndex
        while endIndex - index >= needle.count {
            var offset = 0
            while offset < needle.count, self[index + offset].asciiLowercased == needle[offset] { offset += 1 }
            if offset == needle.count { return index }
            index += 1
        }
        return nil
    }

    /// Whether `needle`, written in lower case, occurs, ASCII case not regarded.
    package func containsIgnoringASCIICase(_ needle: StaticString) -> Bool {
        firstIndexIgnoringASCIICase(of: needle) != nil
    }
}

extension ArraySlice<UInt8> {
    /// Takes the byte off the front when it is there.
    package mutating func take(_ byte: UInt8) -> Bool {
        guard first == byte else { return false }
        removeFirst()
        return true
    }

    /// Takes exactly `width` digits off the front.
    package mutating func takeDecimal(width: Int) -> Int? {
        let digits = prefix(width)
        guard digits.count == width, digits.allSatisfy(\.isASCIIDigit) else { return nil }
        removeFirst(width)
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
}
