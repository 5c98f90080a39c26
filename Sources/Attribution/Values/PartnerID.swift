/// A Partner ID (MPN ID, POR ID): one to ten decimal digits without a leading zero.
///
/// Microsoft documents neither a greatest length nor leading zeros; real IDs have five to eight digits, and its API
/// handles them as text. They are ordered by number.
package struct PartnerID: Hashable, Comparable, Sendable {
    /// The ID's value; it is written in decimal without padding.
    package let number: UInt64

    /// More than any ID that was seen has.
    package static let maximumDigits = 10

    /// nil unless `number` has one to ten digits and is not zero.
    package init?(_ number: UInt64) {
        guard (1...9_999_999_999).contains(number) else { return nil }
        self.number = number
    }

    /// nil unless the bytes are one to ten ASCII digits and the first is not `0`.
    package init?(digits: Span<UInt8>) {
        guard (1...Self.maximumDigits).contains(digits.count), digits[0] != UInt8(ascii: "0") else { return nil }
        var number: UInt64 = 0
        for index in digits.indices {
            guard digits[index].isASCIIDigit else { return nil }
            number = number * 10 + UInt64(digits[index] - UInt8(ascii: "0"))
        }
        self.number = number
    }

    package init?(_ text: String) {
        self.init(digits: Array(text.utf8).span)
    }

    package static func < (left: PartnerID, right: PartnerID) -> Bool {
        left.number < right.number
    }
}

extension PartnerID: CustomStringConvertible {
    package var description: String { String(number) }
}
