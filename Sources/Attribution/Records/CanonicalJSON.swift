/// Writes one flat JSON object in RFC 8785's canonical form: keys sorted by the caller, no white space, integers only.
struct CanonicalJSONWriter {
    private(set) var bytes: [UInt8]
    private var isFirst = true

    /// Goes on behind what `bytes` holds.
    init(appendingTo bytes: consuming [UInt8]) {
        self.bytes = bytes
        self.bytes.append(UInt8(ascii: "{"))
    }

    mutating func finish() {
        bytes.append(UInt8(ascii: "}"))
    }

    mutating func text(_ key: StaticString, _ value: String?) {
        guard let value else { return }
        self.key(key)
        appendString(value)
    }

    mutating func number(_ key: StaticString, _ value: Int) {
        self.key(key)
        bytes.appendDecimal(value)
    }

    /// An empty list is an absent one.
    mutating func list(_ key: StaticString, _ values: some Collection<String>) {
        guard !values.isEmpty else { return }
        self.key(key)
        var separator = UInt8(ascii: "[")
        for value in values {
            bytes.append(separator)
            separator = UInt8(ascii: ",")
            appendString(value)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// A text that is appended by the caller and needs no escape.
    mutating func plain(_ key: StaticString, _ append: (inout [UInt8]) -> Void) {
        self.key(key)
        bytes.append(UInt8(ascii: "\""))
        append(&bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func key(_ key: StaticString) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        isFirst = false
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: key.bytes)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func appendString(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x08: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "b")]
            case 0x09: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case 0x0A: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case 0x0C: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "f")]
            case 0x0D: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            case ..<0x20:
                bytes += [UInt8(ascii: "\\"), UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0")]
                bytes.appendHex([byte])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
