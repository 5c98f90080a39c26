import Configuration

/// Options from flag, environment and file, in this order. Keys are the long option names.
struct Settings {
    private let reader: ConfigReader

    init(reader: ConfigReader) {
        self.reader = reader
    }

    /// The option's text; an empty environment variable or key counts as none.
    func string(_ key: String, flag: String?) -> String? {
        if let flag { return flag }
        let value = reader.string(forKey: ConfigKey([key]))
        return value?.isEmpty == true ? nil : value
    }

    func string(_ key: String, flag: String?, default fallback: String) throws -> String {
        string(key, flag: flag) ?? fallback
    }

    /// A repeatable option. In the environment, values are separated by commas; in the file they are a sequence, or one scalar.
    func strings(_ key: String, flags: [String]) -> [String] {
        if !flags.isEmpty { return flags }
        if let values = reader.stringArray(forKey: ConfigKey([key])), !values.isEmpty { return values }
        return string(key, flag: nil).map { [$0] } ?? []
    }

    /// An option that is on or off.
    ///
    /// - Throws: ``CommandFailure`` for words that are neither.
    func flag(_ key: String, flag: Bool) throws -> Bool {
        guard !flag, let text = string(key, flag: nil) else { return flag }
        switch text.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default:
            throw CommandFailure(
                message: "\(key) is \(text.debugDescription), and must be true or false", exitCode: CommandFailure.badRequest)
        }
    }

    /// An option whose words are a closed set.
    ///
    /// - Throws: ``CommandFailure`` that lists the words.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, flag: String?, default fallback: Choice
    ) throws -> Choice {
        guard let text = string(key, flag: flag) else { return fallback }
        guard let choice = Choice(rawValue: text) else {
            let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(
                message: "--\(key) is \(text.debugDescription), and must be one of \(words)", exitCode: CommandFailure.badRequest)
        }
        return choice
    }
}
