internal import Attribution

extension RouteFileReader {
    /// A key of a mapping and what it stands for.
    struct Field {
        let key: YAMLNode
        let value: YAMLNode
    }

    /// The fields of a mapping by key; nil when it is not one. Reports unknown keys, keys written twice (the first counts)
    /// and keys that are missing.
    ///
    /// - Parameter label: what a message calls the mapping.
    /// - Parameter missingAt: where a missing key is reported; nil means where the mapping begins.
    mutating func fields(
        of node: YAMLNode, named label: String, keys: [String], required: [String] = [], missingAt: TextPosition? = nil
    ) -> [String: Field]? {
        guard case .mapping(let pairs) = node.content else {
            report(
                "\(label) has \(node.kindInWords), expected a mapping with the keys \(keys.joined(separator: ", "))",
                at: node.position)
            return nil
        }
        var fields: [String: Field] = [:]
        for pair in pairs {
            guard case .scalar(let key, _) = pair.key.content else {
                report("a key of \(label) is not a text, expected \(keys.inWords)", at: pair.key.position)
                continue
            }
            guard keys.contains(key) else {
                report("unknown key \(key.quotedForMessage) in \(label), expected \(keys.inWords)", at: pair.key.position)
                continue
            }
            if let first = fields[key] {
                report(
                    "duplicate key \(key.quotedForMessage) in \(label), expected it once: it is already at \(first.key.position)",
                    at: pair.key.position)
                continue
            }
            fields[key] = Field(key: pair.key, value: pair.value)
        }
        for key in required where fields[key] == nil {
            report("\(label) lacks the key \(key), expected \(required.inWords(joinedBy: "and"))", at: missingAt ?? node.position)
        }
        return fields
    }

    /// The elements of a list, none when it is not one.
    mutating func list(_ node: YAMLNode, _ label: String, mayBeEmpty: Bool = false) -> [YAMLNode] {
        guard case .sequence(let elements) = node.content else {
            report("\(label) has \(node.kindInWords), expected a list: [first, second]", at: node.position)
            return []
        }
        if elements.isEmpty, !mayBeEmpty { report("\(label) is an empty list, expected at least one entry", at: node.position) }
        return elements
    }

    /// A text as written.
    ///
    /// - Parameter mayBeEmpty: whether `""` makes sense; only changes what a message advises, as nothing at all never does.
    mutating func text(_ node: YAMLNode, _ label: String, mayBeEmpty: Bool = false) -> String? {
        guard case .scalar(let text, let isPlain) = node.content else {
            report("\(label) has \(node.kindInWords), expected a text", at: node.position)
            return nil
        }
        if text.isEmpty, isPlain {
            let advice = mayBeEmpty ? " (\"\" when it is to be empty)" : ""
            report("\(label) has no value, expected a text\(advice), or no such key", at: node.position)
            return nil
        }
        return text
    }

    /// A text in one line without control characters.
    mutating func line(_ node: YAMLNode, _ label: String, mayBeEmpty: Bool = false) -> String? {
        guard let text = text(node, label, mayBeEmpty: mayBeEmpty) else { return nil }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            report("\(label) has a control character in it, expected one line of printable text", at: node.position)
            return nil
        }
        return text
    }

    /// A text that something is called by: one line, not empty, no white space around it, not too long to be shown.
    mutating func name(_ node: YAMLNode, _ label: String) -> String? {
        guard let text = line(node, label) else { return nil }
        guard let problem = Self.problem(ofName: text) else { return text }
        report("\(label) \(problem)", at: node.position)
        return nil
    }

    /// Bytes of UTF-8. Names stand in every record; nothing that has one in this world comes near it.
    private static let maximumNameBytes = 256

    static func problem(ofName text: String) -> String? {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else {
            return "is empty, expected at least one character"
        }
        if text.unicodeScalars.contains(where: \.isControlOrFormat) {
            return "has an invisible character in it, expected printable text"
        }
        if first.properties.isWhitespace || last.properties.isWhitespace {
            return "begins or ends with white space, expected none around it"
        }
        guard text.utf8.count <= maximumNameBytes else { return "is too long, expected at most \(maximumNameBytes) bytes" }
        return nil
    }

    /// One of the words of a closed set.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>(_ node: YAMLNode, _ label: String) -> Word? {
        guard let text = text(node, label) else { return nil }
        guard let word = Word(rawValue: text) else {
            report("\(label) is \(text.quotedForMessage), expected \(Word.allCases.map(\.rawValue).inWords)", at: node.position)
            return nil
        }
        return word
    }

    mutating func pattern(_ node: YAMLNode, _ label: String) -> ValuePattern? {
        guard let text = text(node, label) else { return nil }
        guard !text.isEmpty else {
            report(
                "\(label) is empty, expected a pattern that the whole value must match, such as \"[a-z0-9-]{1,40}\"",
                at: node.position)
            return nil
        }
        do {
            return try ValuePattern(text)
        } catch {
            report(
                "\(label) \(text.quotedForMessage) does not compile: \(error), expected a pattern such as \"[a-z0-9-]{1,40}\"",
                at: node.position)
            return nil
        }
    }
}

extension [String] {
    /// `a, b or c`
    var inWords: String { inWords(joinedBy: "or") }

    func inWords(joinedBy conjunction: String) -> String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " \(conjunction) " + last
    }
}
