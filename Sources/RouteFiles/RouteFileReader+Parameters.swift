internal import Attribution

extension RouteFileReader {
    private static let parameterKeys = ["name", "value", "from", "default", "pattern", "oneOf", "maxLength", "letterCase"]
    private static let queryPrefix = "query:"
    private static let plainSources: [(word: String, source: OutgoingParameter.Source)] = [
        ("partner", .partner), ("receipt", .receipt), ("culture", .culture), ("lcid", .lcid), ("country", .country),
        ("origin", .origin), ("campaign", .campaign), ("edition", .edition), ("action", .action), ("route", .route),
    ]

    /// One entry of `destination.query`; its name comes apart, as a wrong entry can still bear another's.
    mutating func readParameter(
        _ node: YAMLNode, reserved: ReservedNames
    ) -> (parameter: OutgoingParameter?, name: RouteDraft.Located<String>?) {
        let label = "a parameter of destination.query"
        guard let fields = fields(of: node, named: label, keys: Self.parameterKeys, required: ["name"]) else { return (nil, nil) }
        let name = fields["name"].flatMap { field in
            self.name(field.value, "an outgoing parameter's name").map {
                RouteDraft.Located(value: $0, position: field.value.position)
            }
        }
        let defaultValue = fields["default"].flatMap { line($0.value, "default", mayBeEmpty: true) }
        let letterCase: OutgoingParameter.LetterCase? = fields["letterCase"].flatMap { word($0.value, "letterCase") }
        let source = source(of: node, fields, reserved: reserved)
        guard let name, let source else { return (nil, name) }
        return (
            OutgoingParameter(name: name.value, source: source, defaultValue: defaultValue, letterCase: letterCase), name
        )
    }

    private mutating func source(
        of node: YAMLNode, _ fields: [String: Field], reserved: ReservedNames
    ) -> OutgoingParameter.Source? {
        switch (fields["value"], fields["from"]) {
        case (let value?, let from?):
            report("value together with from, expected one of the two", at: max(value.key.position, from.key.position))
            return nil
        case (nil, nil):
            report("an outgoing parameter has neither value nor from, expected one of the two", at: node.position)
            return nil
        case (let value?, nil):
            refuse(
                ["default", "pattern", "oneOf", "maxLength"], of: fields,
                because: "on a fixed value, which is always sent as it is, expected name, value and at most letterCase")
            return line(value.value, "value", mayBeEmpty: true).map { .value($0) }
        case (nil, let from?):
            return source(from: from.value, fields, reserved: reserved)
        }
    }

    private mutating func source(
        from node: YAMLNode, _ fields: [String: Field], reserved: ReservedNames
    ) -> OutgoingParameter.Source? {
        guard let text = text(node, "from") else { return nil }
        if let plain = Self.plainSources.first(where: { $0.word == text }) {
            refuseFilters(of: fields, from: plain.word)
            return plain.source
        }
        guard text.hasPrefix(Self.queryPrefix) else {
            let words = (Self.plainSources.map(\.word) + ["query:NAME"]).inWords
            report("from is \(text.quotedForMessage), expected \(words)", at: node.position)
            return nil
        }
        return querySource(String(text.dropFirst(Self.queryPrefix.count)), at: node.position, fields, reserved: reserved)
    }

    /// Refuses the keys that make no sense where a value is not taken from the visitor's query.
    private mutating func refuseFilters(of fields: [String: Field], from word: String) {
        if word == "partner" || word == "receipt" {
            let what = word == "partner" ? "the validated Partner ID" : "the record's receipt"
            refuse(
                ["default", "letterCase", "pattern", "oneOf", "maxLength"], of: fields,
                because: "on from: \(word), which sends \(what) and nothing else, expected no such key")
        } else {
            refuse(
                ["pattern", "oneOf", "maxLength"], of: fields,
                because: "on from: \(word), expected it with from: query:NAME only")
        }
    }

    private mutating func refuse(_ keys: [String], of fields: [String: Field], because reason: String) {
        for key in keys {
            guard let field = fields[key] else { continue }
            report("\(key) \(reason)", at: field.key.position)
        }
    }

    // MARK: query:NAME

    private mutating func querySource(
        _ name: String, at position: TextPosition, _ fields: [String: Field], reserved: ReservedNames
    ) -> OutgoingParameter.Source? {
        if let problem = Self.problem(ofName: name) {
            report("the name in query:NAME \(problem)", at: position)
        } else if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
            report("the name in query:NAME has a control character in it, expected printable text", at: position)
        } else if let meaning = reserved.meaning(of: name) {
            report(
                "query:NAME names \(name.quotedForMessage), which \(meaning), expected \(Self.instead(of: meaning))", at: position
            )
        }
        let maxLength = fields["maxLength"].flatMap { self.maxLength($0.value) } ?? OutgoingParameter.defaultMaxLength
        guard let filter = filter(at: position, fields) else { return nil }
        return .query(name: name, filter: filter, maxLength: maxLength)
    }

    private static func instead(of meaning: String) -> String {
        ["partner", "culture", "country"].first { meaning.contains("the \($0) ") }.map { "from: \($0)" } ?? "another name"
    }

    private mutating func filter(at position: TextPosition, _ fields: [String: Field]) -> OutgoingParameter.Filter? {
        switch (fields["pattern"], fields["oneOf"]) {
        case (let pattern?, let oneOf?):
            report("pattern together with oneOf, expected one of the two", at: max(pattern.key.position, oneOf.key.position))
            return nil
        case (nil, nil):
            report(
                "from: query:NAME with neither pattern nor oneOf, expected one of the two: no value is passed unseen",
                at: position)
            return nil
        case (let pattern?, nil):
            return self.pattern(pattern.value, "pattern").map { .pattern($0) }
        case (nil, let oneOf?):
            return .oneOf(list(oneOf.value, "oneOf").compactMap { allowedValue($0) })
        }
    }

    private mutating func allowedValue(_ node: YAMLNode) -> String? {
        guard let text = line(node, "a value of oneOf") else { return nil }
        if text.isEmpty {
            report("a value of oneOf is empty, expected at least one character: an empty value counts as none", at: node.position)
        }
        return text
    }

    /// Bytes. No request target is longer, so that no greater limit could ever matter.
    private static let greatestMaxLength = RequestLimits.targetBytes

    private mutating func maxLength(_ node: YAMLNode) -> Int? {
        guard let text = text(node, "maxLength") else { return nil }
        let isDecimal = !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isDecimal, let length = Int(text), (1...Self.greatestMaxLength).contains(length) else {
            report(
                "maxLength is \(text.quotedForMessage), expected a whole number of bytes from 1 to \(Self.greatestMaxLength)",
                at: node.position)
            return nil
        }
        return length
    }
}
