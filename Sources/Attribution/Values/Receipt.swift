/// The public ID of a record: a ULID (48 bits of milliseconds, 80 random bits; github.com/ulid/spec).
///
/// Its text is 26 characters of Crockford's base32, whose order is the order of the values. The random half keeps a receipt
/// from being guessed: the provider sends it back later as the evidence of a sign-up.
package struct Receipt: Hashable, Comparable, Sendable {
    /// Milliseconds (48 bits) and the first 16 random bits.
    package let high: UInt64
    /// The other 64 random bits.
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes a receipt of a moment and 80 random bits. Moments before 1970 count as 1970.
    package init(time: Timestamp, random16: UInt16, random64: UInt64) {
        let milliseconds = UInt64(clamping: time.milliseconds) & 0xFFFF_FFFF_FFFF
        self.init(high: milliseconds << 16 | UInt64(random16), low: random64)
    }

    /// What stands for a receipt where nothing is recorded.
    package static let zero = Receipt(high: 0, low: 0)

    /// When the receipt was made, to the millisecond.
    package var time: Timestamp { Timestamp(microseconds: Int64(high >> 16) * 1_000) }

    package static func < (left: Receipt, right: Receipt) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

extension Receipt: CustomStringConvertible {
    /// Characters of the text form.
    package static let textLength = 26
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    package var description: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.textLength)
        appendText(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends ``description`` without making a String.
    package func appendText(to bytes: inout [UInt8]) {
        bytes.append(addingCapacity: Self.textLength) { appendText(to: &$0) }
    }

    /// The same: 26 bytes.
    func appendText(to text: inout OutputSpan<UInt8>) {
        // 128 bits in 26 groups of five: the first group holds only three.
        let alphabet = Self.alphabet
        var rest = UInt128(high) << 64 | UInt128(low)
        text.append(alphabet[Int(high >> 61)])
        rest &<<= 3
        for _ in 1..<Self.textLength {
            text.append(alphabet[Int(truncatingIfNeeded: rest &>> 123)])
            rest &<<= 5
        }
    }

    /// Reads 26 characters of Crockford's base32 in either case, `I` and `L` as 1 and `O` as 0, as the base32 is made for
    /// being read out; nil for anything else and for values over 128 bits.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == Self.textLength else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for byte in bytes {
            guard let value = Self.value(of: byte), high >> 59 == 0 else { return nil }
            high = high << 5 | low >> 59
            low = low << 5 | value
        }
        self.init(high: high, low: low)
    }

    private static func value(of byte: UInt8) -> UInt64? {
        switch byte.asciiUppercased {
        case UInt8(ascii: "I"), UInt8(ascii: "L"): 1
        case UInt8(ascii: "O"): 0
        case let upper: alphabet.firstIndex(of: upper).map(UInt64.init)
        }
    }
}
