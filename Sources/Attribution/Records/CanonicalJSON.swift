// The pieces of RFC 8785's canonical JSON. Whoever writes an object writes its members in the order of their names, each with
// its comma in front, and at last makes the first comma the brace that opens the object.

extension OutputSpan where Element == UInt8 {
    /// Appends a text in quotes (RFC 8785, section 3.2.2.2): at most six bytes for each of its own, and two.
    mutating func appendJSONString(_ text: Span<UInt8>) {
        appendJSONString(text, needsEscapes: text.needsJSONEscapes)
    }

    mutating func appendJSONString(_ text: Span<UInt8>, needsEscapes: Bool) {
        append(UInt8(ascii: "\""))
        if needsEscapes {
            for index in text.indices { appendJSONEscaped(text[index]) }
        } else {
            append(text)
        }
        append(UInt8(ascii: "\""))
    }

    mutating func appendJSONString(_ text: String) {
        var text = text
        text.withUTF8 { appendJSONString($0.span) }
    }

    /// Appends a key as it is written, `,"key":"`, a text that needs no escapes, and the closing quote.
    mutating func appendMember(_ key: StaticString, word: String) {
        append(key)
        var word = word
        word.withUTF8 { append(run: $0) }
        append(UInt8(ascii: "\""))
    }

    private mutating func appendJSONEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append(#"\""#)
        case UInt8(ascii: "\\"): append(#"\\"#)
        case 0x08: append(#"\b"#)
        case 0x09: append(#"\t"#)
        case 0x0A: append(#"\n"#)
        case 0x0C: append(#"\f"#)
        case 0x0D: append(#"\r"#)
        case ..<0x20:
            append(#"\u00"#)
            withUnsafeBytes(of: byte) { appendHex($0) }
        default: append(byte)
        }
    }
}

extension Array where Element == UInt8 {
    /// Appends a text in quotes.
    mutating func appendJSONString(_ text: Span<UInt8>) {
        let needsEscapes = text.needsJSONEscapes
        append(addingCapacity: (needsEscapes ? 6 : 1) * text.count + 2) { json in
            json.appendJSONString(text, needsEscapes: needsEscapes)
        }
    }

    mutating func appendJSONString(_ text: String) {
        var text = text
        text.withUTF8 { appendJSONString($0.span) }
    }
}

extension Span where Element == UInt8 {
    /// Whether a byte can't stand in a JSON text as it is.
    fileprivate var needsJSONEscapes: Bool {
        hasAny { ($0 < 0x20).bit | ($0 == UInt8(ascii: "\"")).bit | ($0 == UInt8(ascii: "\\")).bit }
    }
}
