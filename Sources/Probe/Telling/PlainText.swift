/// Text for a terminal.
enum PlainText {
    /// Characters of a line: a row of the table with a path of its own is about as long.
    static let width = 116

    /// What a server sent, without anything that could steer the terminal, and cut.
    static func printable(_ text: String, maximumCharacters: Int = 100) -> String {
        let scalars = text.unicodeScalars.lazy.map { (0x20..<0x7F).contains($0.value) ? Character($0) : "?" }
        let shown = String(scalars.prefix(maximumCharacters))
        return text.unicodeScalars.count > maximumCharacters ? shown.dropLast() + "…" : shown
    }

    /// Lines of at most ``width`` characters, broken at spaces, the second and later ones indented; the first keeps its own indent.
    static func wrapped(_ text: String, indent: Int) -> [String] {
        var lines: [String] = []
        var line = String(text.prefix { $0 == " " })
        var isBegun = false
        for word in text.split(separator: " ").flatMap({ pieces(of: $0, maximumCharacters: width - indent) }) {
            if isBegun, line.count + 1 + word.count > width {
                lines.append(line)
                line = String(repeating: " ", count: indent) + word
            } else {
                line += (isBegun ? " " : "") + word
            }
            isBegun = true
        }
        return lines + [line]
    }

    private static func pieces(of word: Substring, maximumCharacters: Int) -> [Substring] {
        var pieces: [Substring] = []
        var rest = word
        while rest.count > maximumCharacters {
            pieces.append(rest.prefix(maximumCharacters))
            rest = rest.dropFirst(maximumCharacters)
        }
        return pieces + [rest]
    }

    /// Aligned columns with two spaces between; those with these indices to the right.
    static func aligned(_ rows: [[String]], rightAligned: Set<Int>) -> [String] {
        let columns = rows.first?.indices ?? 0..<0
        let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, text in
                let gap = String(repeating: " ", count: widths[column] - text.count)
                return rightAligned.contains(column) ? gap + text : text + gap
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }
}
