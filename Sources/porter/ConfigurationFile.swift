import Yams

/// The keys of a configuration file. A misspelt one would be passed over, and the default taken in silence.
enum ConfigurationFile {
    /// The long names of the options that can stand in the file.
    static let keys = [
        "data", "routes", "public", "https", "http", "back-office", "tls-certificate", "tls-key", "prefer-certificate",
        "minimum-tls", "trusted-proxy", "host", "node", "record-ip", "privacy-url", "receipt-days", "mail-from", "mail-reply-to",
        "sendmail", "log-level", "print-signups", "timezone", "format",
    ]

    /// Far more than all options take; bounds what a wrong file costs.
    private static let maximumByteCount = 1 << 20

    /// Whether the file holds options: not when it holds comments alone.
    ///
    /// - Throws: ``CommandFailure`` that names every unknown key with its line and column, or says why it cannot be read.
    static func hasOptions(_ path: String) throws -> Bool {
        guard let root = try root(of: text(of: path), path: path) else { return false }
        guard let mapping = root.mapping else {
            throw failure(["\(path) has no options, expected one a line, such as `data: /var/lib/porter`"])
        }
        let mistakes: [String] = mapping.keys.compactMap { key in
            guard let name = key.string, !keys.contains(name) else { return nil }
            let place = key.mark.map { ":\($0)" } ?? ""
            return "\(path)\(place): unknown key \(name.debugDescription), expected one of \(keys.joined(separator: ", "))"
        }
        guard mistakes.isEmpty else { throw failure(mistakes) }
        return true
    }

    private static func text(of path: String) throws -> String {
        let bytes = try InputFile.bytes(of: path, limit: maximumByteCount, called: "the configuration file \(path)")
        guard bytes.count <= maximumByteCount, let text = String(validating: bytes, as: UTF8.self) else {
            throw failure(["\(path) is no configuration file, expected a text file saved as UTF-8"])
        }
        return text
    }

    private static func root(of text: String, path: String) throws -> Node? {
        do {
            return try Parser(yaml: text).singleRoot()
        } catch {
            // Yams tells the mistake over several lines, with a picture of the place.
            let line = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
            throw failure(["\(path) is no YAML: \(line); write one option a line, such as `data: /var/lib/porter`"])
        }
    }

    private static func failure(_ mistakes: [String]) -> CommandFailure {
        CommandFailure(message: mistakes.joined(separator: "\nerror: "), exitCode: CommandFailure.badRequest)
    }
}
