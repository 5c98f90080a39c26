// What the decision needs of bytes. Requests are compared as bytes and in ASCII only: a visitor's bytes need not be text.
//
// Inlinable, because other rooms ask these of every byte that they read.

extension UInt8 {
    /// `0` to `9`.
    @inlinable package var isASCIIDigit: Bool { self &- UInt8(ascii: "0") < 10 }

    /// `A` to `Z` and `a` to `z`.
    @inlinable package var isASCIILetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }

    /// The value of a hexadecimal digit in either case; nil for any other byte.
    @inlinable package var hexValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The lower-case letter of an upper-case one; any other byte itself.
    @inlinable package var asciiLowercased: UInt8 {
        self &- UInt8(ascii: "A") < 26 ? self | 0x20 : self
    }

    /// The upper-case letter of a lower-case one; any other byte itself.
    @inlinable package var asciiUppercased: UInt8 {
        self &- UInt8(ascii: "a") < 26 ? self & ~0x20 : self
    }

    /// RFC 3986 section 2.3.
    @inlinable package var isURIUnreserved: Bool {
        isASCIILetter || isASCIIDigit || self == UInt8(ascii: "-") || self == UInt8(ascii: ".")
            || self == UInt8(ascii: "_") || self == UInt8(ascii: "~")
    }
}

extension Collection where Element == UInt8 {
    /// Whether both are the same bytes, ASCII case not regarded.
    @inlinable package func equalsIgnoringASCIICase(_ other: some Collection<UInt8>) -> Bool {
        count == other.count && zip(self, other).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
    }

    /// Whether `needle`, written in lower case, begins these bytes, ASCII case not regarded.
    @inlinable package func hasPrefixIgnoringASCIICase(_ needle: StaticString) -> Bool {
        prefix(needle.utf8CodeUnitCount).elementsEqual(needle.bytes) { $0.asciiLowercased == $1 }
    }
}

extension StaticString {
    /// The text's bytes, which live as long as the program.
    @inlinable package var bytes: UnsafeBufferPointer<UInt8> {
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
