extension ErrorPages {
    /// What is wrong with the folder of error pages.
    package struct LoadingError: Error, CustomStringConvertible {
        package let description: String
    }

    /// Larger files are no error pages: a mistaken path.
    private static let maximumFileBytes = 262_144
    private static let languageSuffix = ".txt"

    /// Reads `errors/page.html` and `errors/LANGUAGE.txt` from the public folder. What is missing comes from the built-in page.
    ///
    /// A language file has lines `key: sentence` in UTF-8; empty lines and lines that begin with `#` are passed over.
    ///
    /// - Parameter privacy: where the pages' last paragraph leads; nil for pages without it.
    /// - Throws: ``LoadingError`` for a file that cannot be read or whose lines are none of these, and for a page in which the link
    ///   that the operator asks for has no place.
    package static func load(publicFolder: String, privacy: PrivacyURL? = nil) throws(LoadingError) -> ErrorPages {
        let folder = publicFolder + "/errors"
        guard let names = Files.names(in: folder) else {
            return ErrorPages(shell: builtInShell, languages: [:], privacy: privacy)
        }
        var shell: String?
        var languages: [String: Sentences] = [:]
        for name in names where !name.hasPrefix(".") {
            let path = "\(folder)/\(name)"
            if name == "page.html" {
                shell = try text(of: path)
            } else if name.hasSuffix(languageSuffix) {
                let tag = String(name.dropLast(languageSuffix.count))
                if let other = languages.keys.first(where: { $0.lowercased() == tag.lowercased() }) {
                    throw LoadingError(
                        description: "\(path) is for the language of \(other)\(languageSuffix) beside it; remove one of them")
                }
                languages[tag] = try sentences(in: try text(of: path), path: path)
            }
        }
        if privacy != nil, let shell, !shell.contains("{{\(privacyPlace)}}") {
            throw LoadingError(
                description: "\(folder)/page.html has no place for {{\(privacyPlace)}}, the link that --privacy-url asks for; "
                    + "write it there, or leave the option out")
        }
        return ErrorPages(shell: shell ?? builtInShell, languages: languages, privacy: privacy)
    }

    private static func text(of path: String) throws(LoadingError) -> String {
        let bytes: [UInt8]
        do {
            bytes = try Files.read(path, limit: maximumFileBytes)
        } catch {
            throw LoadingError(description: error.description)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw LoadingError(description: "\(path) is not UTF-8: save it as such")
        }
        return text
    }

    static func sentences(in text: String, path: String) throws(LoadingError) -> Sentences {
        var sentences: Sentences = [:]
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.hasSuffix("\r") ? line.dropLast() : line
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else {
                throw LoadingError(description: "\(path):\(number + 1): a line must be `key: sentence`")
            }
            sentences[String(line[..<colon])] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        return sentences
    }
}
