/// The header field Accept-Language (RFC 9110, section 12.5.4).
package enum AcceptLanguage {
    /// The known culture with the greatest weight; of equal ones the first.
    static func bestCulture(in value: Span<UInt8>) -> Culture? {
        best(in: value) { Culture(tag: $0) }
    }

    /// What the tag with the greatest weight stands for; of equal ones the first. Elements that don't parse, those with a weight
    /// of 0, and tags that stand for nothing, as `*` should, are skipped.
    ///
    /// - Parameter choice: what a tag stands for, as sent; nil for nothing.
    package static func best<Choice>(in value: Span<UInt8>, _ choice: (Span<UInt8>) -> Choice?) -> Choice? {
        var best: (choice: Choice, weight: Int)?
        var start = 0
        while start < value.count {
            let end = value.index(of: UInt8(ascii: ","), from: start)
            let element = value.extracting(start..<end)
            start = end + 1
            guard let (tag, weight) = parse(element), weight > best?.weight ?? 0, let chosen = choice(element.extracting(tag))
            else { continue }
            best = (chosen, weight)
        }
        return best?.choice
    }

    /// Of `tag` or `tag;q=0.8` where the tag lies, and the weight in thousandths.
    private static func parse(_ element: Span<UInt8>) -> (tag: Range<Int>, weight: Int)? {
        let semicolon = element.index(of: UInt8(ascii: ";"))
        let tag = trimmed(0..<semicolon, of: element)
        guard !tag.isEmpty else { return nil }
        guard semicolon < element.count else { return (tag, 1_000) }
        let parameter = element.extracting(trimmed(semicolon + 1..<element.count, of: element))
        guard parameter.contains(lowercase: "q=", at: 0), let weight = weight(parameter.extracting(2...)) else { return nil }
        return (tag, weight)
    }

    /// `0`, `1`, or either with up to three decimals, at most 1 (RFC 9110, section 12.4.2).
    private static func weight(_ text: Span<UInt8>) -> Int? {
        guard !text.isEmpty, text[0] == UInt8(ascii: "0") || text[0] == UInt8(ascii: "1") else { return nil }
        var weight = text[0] == UInt8(ascii: "1") ? 1_000 : 0
        if text.count == 1 { return weight }
        guard text[1] == UInt8(ascii: "."), text.count <= 5 else { return nil }
        var unit = 100
        for index in 2..<text.count {
            guard text[index].isASCIIDigit else { return nil }
            weight += Int(text[index] - UInt8(ascii: "0")) * unit
            unit /= 10
        }
        return weight <= 1_000 ? weight : nil
    }

    /// The range without the blanks at both of its ends.
    private static func trimmed(_ range: Range<Int>, of bytes: Span<UInt8>) -> Range<Int> {
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isBlank(bytes[start]) { start += 1 }
        while start < end, isBlank(bytes[end - 1]) { end -= 1 }
        return start..<end
    }
}
