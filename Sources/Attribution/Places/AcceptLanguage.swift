/// The header field Accept-Language (RFC 9110, section 12.5.4).
package enum AcceptLanguage {
    /// The known culture with the greatest weight; of equal ones the first.
    static func bestCulture(in value: ArraySlice<UInt8>) -> Culture? {
        best(in: value) { Culture(tag: $0.span) }
    }

    /// What the tag with the greatest weight stands for; of equal ones the first. Elements that don't parse, those with a weight
    /// of 0, and tags that stand for nothing, as `*` should, are skipped.
    ///
    /// - Parameter choice: what a tag stands for, as sent; nil for nothing.
    package static func best<Choice>(in value: ArraySlice<UInt8>, _ choice: (ArraySlice<UInt8>) -> Choice?) -> Choice? {
        var best: (choice: Choice, weight: Int)?
        for element in value.split(separator: UInt8(ascii: ",")) {
            guard let (tag, weight) = parse(element), weight > best?.weight ?? 0, let chosen = choice(tag) else { continue }
            best = (chosen, weight)
        }
        return best?.choice
    }

    /// Tag and weight in thousandths of `tag` or `tag;q=0.8`.
    private static func parse(_ element: ArraySlice<UInt8>) -> (tag: ArraySlice<UInt8>, weight: Int)? {
        let parts = element.split(separator: UInt8(ascii: ";"), maxSplits: 1, omittingEmptySubsequences: false)
        let tag = trimmed(parts[0])
        guard !tag.isEmpty else { return nil }
        guard parts.count == 2 else { return (tag, 1_000) }
        let parameter = trimmed(parts[1])
        guard parameter.hasPrefixIgnoringASCIICase("q="), let weight = weight(parameter.dropFirst(2)) else { return nil }
        return (tag, weight)
    }

    /// `0`, `1`, or either with up to three decimals, at most 1 (RFC 9110, section 12.4.2).
    private static func weight(_ text: ArraySlice<UInt8>) -> Int? {
        guard let first = text.first, first == UInt8(ascii: "0") || first == UInt8(ascii: "1") else { return nil }
        var weight = first == UInt8(ascii: "1") ? 1_000 : 0
        var rest = text.dropFirst()
        if rest.isEmpty { return weight }
        guard rest.take(UInt8(ascii: ".")), rest.count <= 3, rest.allSatisfy(\.isASCIIDigit) else { return nil }
        var unit = 100
        for digit in rest {
            weight += Int(digit - UInt8(ascii: "0")) * unit
            unit /= 10
        }
        return weight <= 1_000 ? weight : nil
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var rest = bytes.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }
}
