/// Values as JSON, for the commands' `--json`.
enum JSONText {
    static func string(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\n": json += "\\n"
            case "\r": json += "\\r"
            case "\t": json += "\\t"
            case "\u{00}"..."\u{1F}": json += escape(scalar)
            default: json.unicodeScalars.append(scalar)
            }
        }
        return harmless(json) + "\""
    }

    /// The same JSON without characters that a terminal might obey, or that show what stands around them in another order; for
    /// strings that others chose. They stand in strings only, so that an escape is the same character.
    static func harmless(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: isHarmful) else { return json }
        var harmless = ""
        for scalar in json.unicodeScalars {
            if isHarmful(scalar) { harmless += escape(scalar) } else { harmless.unicodeScalars.append(scalar) }
        }
        return harmless
    }

    /// Delete and the C1 controls, which some terminals obey; the marks, embeddings, overrides and isolates of writing direction
    /// (Unicode Standard Annex 9); line and paragraph separators; the byte order mark.
    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{7F}"..."\u{9F}", "\u{61C}", "\u{200E}", "\u{200F}", "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}",
            "\u{FEFF}":
            true
        default: false
        }
    }

    /// Of a character of the basic plane: four hex digits (RFC 8259, section 7).
    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }

    static func list(_ texts: [String]) -> String {
        "[" + texts.map(string).joined(separator: ", ") + "]"
    }
}
