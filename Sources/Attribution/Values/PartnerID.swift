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
    package init?(digits: some Collection<UInt8>) {
        guard (1...Self.maximumDigits).contains(digits.count), digits.first != UInt8(ascii: "0"),
            digits.allSatisfy(\.isASCIIDigit)
        else { return nil }
        number = digits.reduce(0) { $0 * 10 + UInt64($1 - UInt8(ascii: "0")) }
    }

    package init?(_ text: String) {
        self.init(digits: text.utf8)
    }

    package static func < (left: PartnerID, right: PartnerID) -> Bool {
        left.number < right.number
    }
}

extension PartnerID: CustomStringConvertible {
    package var description: String { String(number) }
}
