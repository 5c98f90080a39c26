/// Reads as Windows does what was written for it. Written apart from what writes it, from Microsoft's documentation.
enum WindowsReader {
    /// `CommandLineToArgvW`, for lines whose first argument has no quotation mark.
    static func arguments(_ line: String) -> [String] {
        var arguments: [String] = []
        var argument: String.UnicodeScalarView?
        var isQuoted = false
        var scalars = Array(line.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            if scalar == "\\" {
                var count = 1
                while scalars.first == "\\" {
                    scalars.removeFirst()
                    count += 1
                }
                let isBeforeQuote = scalars.first == "\""
                var found = argument ?? String.UnicodeScalarView()
                found.append(contentsOf: repeatElement("\\", count: isBeforeQuote ? count / 2 : count))
                if isBeforeQuote, count % 2 == 1 { found.append(scalars.removeFirst()) }
                argument = found
            } else if scalar == "\"" {
                isQuoted.toggle()
                argument = argument ?? String.UnicodeScalarView()
            } else if scalar == " ", !isQuoted {
                if let argument { arguments.append(String(argument)) }
                argument = nil
            } else {
                var found = argument ?? String.UnicodeScalarView()
                found.append(scalar)
                argument = found
            }
        }
        if let argument { arguments.append(String(argument)) }
        return arguments
    }

    /// What cmd.exe makes of a line of a batch file: first `%%` becomes `%`, then carets are taken off outside of quotes.
    ///
    /// - Returns: also what it takes for its own: marks outside of quotes, and a lone percent sign, which begins a variable.
    static func batchLine(_ text: String) -> (line: String, marks: String) {
        var expanded = String.UnicodeScalarView()
        var marks = String.UnicodeScalarView()
        var scalars = Array(text.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            if scalar == "%" {
                if scalars.first == "%" { scalars.removeFirst() } else { marks.append(scalar) }
            }
            expanded.append(scalar)
        }
        var line = String.UnicodeScalarView()
        var isQuoted = false
        scalars = Array(expanded)[...]
        while let scalar = scalars.popFirst() {
            if scalar == "^", !isQuoted {
                if let escaped = scalars.popFirst() { line.append(escaped) }
                continue
            }
            if scalar == "\"" { isQuoted.toggle() }
            if !isQuoted, "&|<>()".unicodeScalars.contains(scalar) { marks.append(scalar) }
            line.append(scalar)
        }
        return (String(line), String(marks))
    }

    /// A literal in single quotes, of which PowerShell knows five (about_Quoting_Rules); nil when it ends early.
    static func powerShellLiteral(_ text: String) -> String? {
        func isQuote(_ scalar: Unicode.Scalar) -> Bool { scalar == "'" || ("\u{2018}"..."\u{201B}").contains(scalar) }
        var scalars = Array(text.unicodeScalars)[...]
        guard scalars.popFirst() == "'" else { return nil }
        var literal = String.UnicodeScalarView()
        while let scalar = scalars.popFirst() {
            if isQuote(scalar) {
                guard let next = scalars.first, isQuote(next) else { return scalars.isEmpty ? String(literal) : nil }
                scalars.removeFirst()
            }
            literal.append(scalar)
        }
        return nil
    }
}
