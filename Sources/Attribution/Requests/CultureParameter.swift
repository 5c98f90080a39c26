/// The request parameters that may name a culture, in the order in which they are asked.
package enum CultureParameter: String, CaseIterable, Sendable {
    case culture, mkt, lang
    /// A decimal LCID.
    case lc
    /// A hexadecimal LCID behind `0x`.
    case clcid

    func culture(_ value: String) -> Culture? {
        switch self {
        case .culture, .mkt, .lang: Culture(tag: value.utf8)
        case .lc: Self.number(value.utf8[...], radix: 10).flatMap(Culture.init(lcid:))
        case .clcid:
            Array(value.utf8).hasPrefixIgnoringASCIICase("0x")
                ? Self.number(value.utf8.dropFirst(2), radix: 16).flatMap(Culture.init(lcid:)) : nil
        }
    }

    /// Digits alone, leading zeros accepted; nil for a sign, for nothing, and for what no LCID is as large as.
    private static func number(_ digits: Substring.UTF8View, radix: UInt32) -> Int? {
        var number: UInt32 = 0
        guard !digits.isEmpty else { return nil }
        for digit in digits {
            guard let value = digit.hexValue, value < radix, number <= 0xFFFF_FFFF >> 5 else { return nil }
            number = number * radix + UInt32(value)
        }
        return Int(number)
    }
}
