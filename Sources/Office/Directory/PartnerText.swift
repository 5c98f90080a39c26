package import Attribution

/// Reads the texts of a partner's fields, and says what is wrong with those that can't be.
package enum PartnerText {
    package static func id(_ text: String, of column: PartnerColumn = .id) throws(PartnerFault) -> PartnerID {
        let mistake: String
        switch CandidateKind.classify(text.utf8) {
        case .id(let id): return id
        case .guid: mistake = "is a GUID (of a tenant or an offer), not a Partner ID"
        case .placeholder: mistake = "is a placeholder that nobody filled in"
        case .nothing: mistake = text.isEmpty ? "is empty" : "is \(quoted(text)), which stands for no ID"
        case .malformed(.leadingZero): mistake = "is \(quoted(text)), which has a leading zero"
        case .malformed(.tooLong): mistake = "is \(quoted(text)), which is too long"
        case .malformed: mistake = "is \(quoted(text)), which is not a number"
        }
        throw PartnerFault(
            message: "\(column.rawValue) \(mistake), expected 1 to \(PartnerID.maximumDigits) digits without a leading zero",
            Mistake(.noID, quoted(text), in: column))
    }

    /// Line breaks inside a name (Alt+Enter in a spreadsheet) become spaces, since a name is one line everywhere else.
    static func name(_ text: String) throws(PartnerFault) -> String {
        let name = text.split { $0.isWhitespace }.joined(separator: " ")
        guard !name.isEmpty else {
            throw PartnerFault(message: "name is empty, expected the partner's name", Mistake(.noName, in: .name))
        }
        guard name.unicodeScalars.count <= Partner.maximumNameScalars else {
            throw PartnerFault(
                message: "name has \(name.unicodeScalars.count) characters, expected at most \(Partner.maximumNameScalars)",
                Mistake(.tooLong, quoted(name), "\(Partner.maximumNameScalars)", in: .name))
        }
        try requirePlain(name, of: .name)
        return name
    }

    /// Plausible, not proven: one `@`, a domain with a dot, and nothing that could end a mail header or a list of addresses.
    static func email(_ text: String) throws(PartnerFault) -> String {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let labels = parts.last?.split(separator: ".", omittingEmptySubsequences: false) ?? []
        let isPlausible =
            parts.count == 2 && !parts[0].isEmpty && labels.count >= 2 && !labels.contains(where: \.isEmpty)
            && text.utf8.count <= Partner.maximumEmailBytes
            && !text.unicodeScalars.contains {
                isControl($0) || $0.properties.isWhitespace || "<>()[]\\,;:\"".unicodeScalars.contains($0)
            }
        guard isPlausible else {
            throw PartnerFault(
                message: "email is \(quoted(text)), expected one address such as mpn@partner.example",
                Mistake(.noEmail, quoted(text), in: .email))
        }
        return text
    }

    /// A language, and optionally script, region or variant: the shape of RFC 5646 section 2.1, not its registry.
    static func language(_ text: String) throws(PartnerFault) -> String {
        let subtags = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let isTag =
            text.utf8.count <= Partner.maximumLanguageBytes && (2...3).contains(subtags[0].count)
            && subtags[0].allSatisfy(\.isASCIILetter)
            && subtags.dropFirst().allSatisfy {
                (2...8).contains($0.count) && $0.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit }
            }
        guard isTag else {
            throw PartnerFault(
                message: "language is \(quoted(text)), expected a language tag such as fr or pt-BR",
                Mistake(.noLanguage, quoted(text), in: .language))
        }
        return text
    }

    static func day(_ text: String, of column: PartnerColumn) throws(PartnerFault) -> CalendarDay {
        guard let day = CalendarDay(text) else {
            throw PartnerFault(
                message: "\(column.rawValue) is \(quoted(text)), expected a day as YYYY-MM-DD",
                Mistake(.noDay, quoted(text), in: column))
        }
        return day
    }

    /// Names separated by `;`, each once.
    static func programs(_ text: String) throws(PartnerFault) -> [String] {
        var programs: [String] = []
        for part in text.split(separator: PartnerColumn.programSeparator) {
            let program = part.split { $0.isWhitespace }.joined(separator: " ")
            if program.isEmpty || programs.contains(program) { continue }
            guard program.unicodeScalars.count <= Partner.maximumProgramScalars else {
                throw PartnerFault(
                    message: "programs has \(quoted(program)), "
                        + "expected names of at most \(Partner.maximumProgramScalars) characters",
                    Mistake(.tooLong, quoted(program), "\(Partner.maximumProgramScalars)", in: .programs))
            }
            try requirePlain(program, of: .programs)
            programs.append(program)
        }
        guard programs.count <= Partner.maximumPrograms else {
            throw PartnerFault(
                message: "programs has \(programs.count) names, expected at most \(Partner.maximumPrograms)",
                Mistake(.tooManyPrograms, "\(programs.count)", "\(Partner.maximumPrograms)", in: .programs))
        }
        return programs
    }

    /// Without white space at both ends.
    package static func trimmed(_ text: String) -> String {
        guard let first = text.first, let last = text.last, first.isWhitespace || last.isWhitespace else { return text }
        let front = text.drop { $0.isWhitespace }
        return String(front.prefix(upTo: front.lastIndex { !$0.isWhitespace }.map(front.index(after:)) ?? front.startIndex))
    }

    /// Whether a text has no control or text direction characters.
    package static func isPlain(_ text: String) -> Bool { !text.unicodeScalars.contains(where: isControl) }

    private static func requirePlain(_ text: String, of column: PartnerColumn) throws(PartnerFault) {
        if !isPlain(text) {
            throw PartnerFault(
                message: "\(column.rawValue) is \(quoted(text)), expected no control or text direction characters",
                Mistake(.controlCharacters, quoted(text), in: column))
        }
    }

    /// Control characters, separators of lines and paragraphs, and the format characters that turn the direction of text round
    /// and so can make one name look like another (Unicode Standard Annex 9, section 2).
    package static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{200E}", "\u{200F}", "\u{061C}", "\u{FEFF}": true
        default: scalar.properties.generalCategory == .control
        }
    }

    /// How much of a wrong value an error message repeats.
    private static let maximumQuotedCharacters = 60

    /// The text in quotes on one line, control characters escaped, cut when it is long.
    package static func quoted(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(maximumQuotedCharacters)
        var quoted = "\""
        for scalar in scalars {
            quoted += isControl(scalar) || scalar == "\"" || scalar == "\\" ? scalar.escaped(asASCII: true) : String(scalar)
        }
        return quoted + (scalars.endIndex == text.unicodeScalars.endIndex ? "\"" : "…\"")
    }
}
