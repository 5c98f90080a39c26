/// Text that others chose, fit for a terminal and a log: one line of printable ASCII.
package enum TerminalText {
    /// A column must not be drowned by a value.
    package static let usualMaximumCharacters = 100

    /// Everything but printable ASCII as `\u{…}`, and cut, which an ellipsis then says.
    package static func escaped(_ text: String, maximumCharacters: Int = usualMaximumCharacters) -> String {
        if text.utf8.count <= maximumCharacters, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        var escaped = ""
        for scalar in text.unicodeScalars {
            let next = (0x20..<0x7F).contains(scalar.value) ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
            if escaped.utf8.count + next.utf8.count > maximumCharacters { return escaped + "…" }
            escaped += next
        }
        return escaped
    }
}
