/// The request parameters that may name a culture, in the order in which they are asked.
package enum CultureParameter: String, CaseIterable, Sendable {
    case culture, mkt, lang
    /// A decimal LCID.
    case lc
    /// A hexadecimal LCID behind `0x`.
    case clcid

    func culture(_ value: Span<UInt8>) -> Culture? {
        switch self {
        case .culture, .mkt, .lang: Culture(tag: value)
        case .lc: Self.number(value, radix: 10).flatMap(Culture.init(lcid:))
        case .clcid:
            value.contains(lowercase: "0x", at: 0)
                ? Self.number(value.extracting(2...), radix: 16).flatMap(Culture.init(lcid:)) : nil
        }
    }

    /// Digits alone, leading zeros accepted; nil for a sign, for nothing, and for what no LCID is as large as.
    private static func number(_ digits: Span<UInt8>, radix: UInt32) -> Int? {
        var number: UInt32 = 0
        guard !digits.isEmpty else { return nil }
        for index in digits.indices {
            guard let value = digits[index].hexValue, value < radix, number <= 0xFFFF_FFFF >> 5 else { return nil }
            number = number * radix + UInt32(value)
        }
        return Int(number)
    }
}
