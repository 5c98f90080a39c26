/// One thing wrong with the route files, in the form `file:line:column: what is wrong, and what is expected`.
package struct RouteMistake: Error, Hashable, Sendable {
    /// As the folder was given, joined with the file's name.
    package let file: String
    /// nil when the folder itself is meant.
    package let position: TextPosition?
    /// What is wrong, and what is expected. One line.
    package let message: String

    package init(file: String, position: TextPosition?, message: String) {
        self.file = file
        self.position = position
        self.message = message
    }
}

extension RouteMistake: CustomStringConvertible {
    package var description: String {
        guard let position else { return "\(file): \(message)" }
        return "\(file):\(position): \(message)"
    }
}

extension RouteMistake: Comparable {
    /// By file, line, column, then message, so that the same files always give the same list.
    package static func < (left: RouteMistake, right: RouteMistake) -> Bool {
        if left.file != right.file { return left.file.utf8.lexicographicallyPrecedes(right.file.utf8) }
        let positions = (left.position ?? .start, right.position ?? .start)
        return positions.0 == positions.1 ? left.message < right.message : positions.0 < positions.1
    }
}

/// Everything that is wrong with the route files: nothing is loaded while anything is.
package struct RouteFileErrors: Error, Sendable, CustomStringConvertible {
    /// In the order of files, lines and columns; never empty.
    package let mistakes: [RouteMistake]

    init(_ mistakes: some Sequence<RouteMistake>) {
        // What an alias repeats is one mistake, not two.
        self.mistakes = Set(mistakes).sorted()
    }

    /// One mistake per line.
    package var description: String {
        mistakes.map(\.description).joined(separator: "\n")
    }
}

extension String {
    /// Characters of a route file's text that a message repeats.
    private static let maximumQuotedCharacters = 60

    /// In quotes, cut, and with nothing in it that could break the line or the terminal.
    var quotedForMessage: String {
        var quoted = "\""
        for scalar in unicodeScalars.prefix(Self.maximumQuotedCharacters) {
            if scalar == "\"" || scalar == "\\" {
                quoted += "\\\(scalar)"
            } else if scalar.isControlOrFormat {
                quoted += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                quoted.unicodeScalars.append(scalar)
            }
        }
        if unicodeScalars.count > Self.maximumQuotedCharacters { quoted += "…" }
        return quoted + "\""
    }
}

extension Unicode.Scalar {
    var isControlOrFormat: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
