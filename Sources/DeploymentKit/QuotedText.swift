extension String {
    /// How much of a value a message repeats: a sign-up URL that makes sense has fewer characters.
    private static let maximumQuotedCharacters = 200

    /// The text as a message repeats it: in quotes, on one line, cut when it is long. What can't be seen, a space that is not
    /// the usual one among it, is written as `\u{…}`.
    var quoted: String {
        var quoted = "\""
        let shown = unicodeScalars.prefix(Self.maximumQuotedCharacters)
        for scalar in shown {
            if scalar == "\"" {
                quoted += "\\\""
            } else if scalar != " ", scalar.properties.isWhitespace || Self.isUnseen(scalar) {
                quoted += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + (shown.endIndex == unicodeScalars.endIndex ? "\"" : "…\"")
    }

    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }

    /// Without white space, NUL and byte order marks at both ends: what Porter takes off a Partner ID before it reads it.
    var trimmed: String {
        func isTrimmed(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isWhitespace || scalar == "\0" || scalar == "\u{FEFF}"
        }
        var rest = unicodeScalars[...]
        while let first = rest.first, isTrimmed(first) { rest.removeFirst() }
        while let last = rest.last, isTrimmed(last) { rest.removeLast() }
        return String(rest)
    }
}
