/// Reads a flat JSON object of texts, integers and lists of texts, without white space: the form that records are written in.
struct FlatJSONReader {
    private var rest: ArraySlice<UInt8>
    private var hasBegun = false
    /// Whether the object was read to its end, and nothing follows.
    private(set) var isFinished = false

    init(_ json: [UInt8]) {
        rest = json[...]
    }

    /// The next name and value; nil at the end, and where the text is not of the form.
    mutating func nextMember() -> (key: String, value: Record.Value)? {
        if !hasBegun {
            hasBegun = true
            guard rest.take(UInt8(ascii: "{")) else { return nil }
            if rest.take(UInt8(ascii: "}")) { return end() }
        } else {
            if rest.take(UInt8(ascii: "}")) { return end() }
            guard rest.take(UInt8(ascii: ",")) else { return nil }
        }
        guard let key = string(), rest.take(UInt8(ascii: ":")), let value = value() else { return nil }
        return (key, value)
    }

    private mutating func end() -> (key: String, value: Record.Value)? {
        isFinished = rest.isEmpty
        return nil
    }

    private mutating func value() -> Record.Value? {
        switch rest.first {
        case UInt8(ascii: "\""): string().map(Record.Value.text)
        case UInt8(ascii: "["): list().map(Record.Value.list)
        default: number().map(Record.Value.number)
        }
    }

    private mutating func number() -> Int64? {
        let digits = rest.prefix { $0.isASCIIDigit }
        rest = rest[digits.endIndex...]
        return Int64(String(decoding: digits, as: UTF8.self))
    }

    private mutating func list() -> [String]? {
        rest.removeFirst()
        var values: [String] = []
        repeat {
            guard let value = string() else { return nil }
            values.append(value)
        } while rest.take(UInt8(ascii: ","))
        return rest.take(UInt8(ascii: "]")) ? values : nil
    }

    private mutating func string() -> String? {
        guard rest.take(UInt8(ascii: "\"")) else { return nil }
        let plain = rest.prefix { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        rest = rest[plain.endIndex...]
        if rest.take(UInt8(ascii: "\"")) { return String(validating: plain, as: UTF8.self) }
        var text = Array(plain)
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = escapedByte() else { return nil }
                text.append(escaped)
            default: text.append(byte)
            }
        }
        return nil
    }

    /// What follows a backslash. Canonical JSON escapes nothing but ASCII.
    private mutating func escapedByte() -> UInt8? {
        switch rest.popFirst() {
        case UInt8(ascii: "\""): return UInt8(ascii: "\"")
        case UInt8(ascii: "\\"): return UInt8(ascii: "\\")
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "u"):
            guard rest.take(UInt8(ascii: "0")), rest.take(UInt8(ascii: "0")),
                let high = rest.popFirst()?.hexValue, let low = rest.popFirst()?.hexValue
            else { return nil }
            return high << 4 | low
        default: return nil
        }
    }
}
