import Attribution

/// The pages that a person sees when there is no redirect: one shell, and sentences by language and key. Immutable.
package struct ErrorPages: Sendable {
    /// A page ready to be sent.
    struct Document: Sendable {
        let language: String
        let html: [UInt8]
    }

    /// Sentences of one language by their keys, as text (not yet HTML).
    typealias Sentences = [String: String]

    private let shell: String
    private let languages: [String: Sentences]
    /// Language tags in lower case to the tags of the files.
    private let tags: [String: String]
    /// The link to the operator's privacy page as HTML, by language; none when there is no such page. Made once, as it is the same
    /// on every page.
    private let privacyLinks: [String: String]

    /// The pages whose own sentence says all there is to do; neither address nor partner is at fault.
    private static let whereToTryAgain: Set = ["unavailable", "too-slow"]

    static let fallbackLanguage = "en"
    static let privacyPlace = "privacy"

    /// What is shown when the public folder has no pages: plain, in English.
    package static let builtIn = ErrorPages(shell: builtInShell, languages: [:])

    /// - Parameters:
    ///   - shell: HTML with the placeholders `{{title}}`, `{{message}}`, `{{advice}}`, `{{receipt}}`, `{{language}}`, and
    ///     `{{privacy}}`, in whose place stands a paragraph or nothing.
    ///   - languages: by language tag. Keys that English lacks come from the built-in sentences.
    ///   - privacy: where the paragraph leads.
    init(shell: String, languages: [String: Sentences], privacy: PrivacyURL? = nil) {
        self.shell = shell
        var languages = languages
        languages[Self.fallbackLanguage] = (languages[Self.fallbackLanguage] ?? [:])
            .merging(Self.builtInSentences) { file, _ in file }
        self.languages = languages
        let english = languages[Self.fallbackLanguage]
        privacyLinks = languages.mapValues { sentences in
            guard let privacy else { return "" }
            let text = sentences[Self.privacyPlace] ?? english?[Self.privacyPlace] ?? ""
            return "<p class=\"privacy\"><a href=\"\(MarkupText.escaped(privacy.text))\">\(MarkupText.escaped(text))</a></p>"
        }
        tags = Dictionary(languages.keys.map { ($0.lowercased(), $0) }, uniquingKeysWith: min)
    }

    /// - Parameters:
    ///   - key: an outcome, or one of `not-found`, `method-not-allowed`, `too-slow`, `too-large`, `bad-request`, `unavailable`.
    ///   - wishes: what its language is chosen by.
    ///   - detail: a technical reason, shown in English behind the sentence.
    func page(_ key: String, for wishes: LanguageWishes, receipt: Receipt?, detail: String? = nil) -> Document {
        let language = language(for: wishes)
        var message = sentence(key, in: language)
        if let detail { message += " (\(detail))" }
        let isSignup = Outcome(rawValue: key) != nil
        let values = [
            "language": language,
            "title": sentence(isSignup ? "title" : "title-other", in: language),
            "message": message,
            "advice": Self.whereToTryAgain.contains(key) ? "" : sentence(isSignup ? "advice" : "advice-other", in: language),
            "receipt": receipt.map { "\(sentence("receipt", in: language)) \($0)" } ?? "",
        ]
        return Document(language: language, html: Array(fill(values, privacyLinks[language] ?? "").utf8))
    }

    /// The request's own culture when there is a file for it, else the best of what the browser accepts that there is one for, else
    /// English.
    private func language(for wishes: LanguageWishes) -> String {
        if let culture = wishes.culture, let language = language(of: culture.tag) { return language }
        let accepted = wishes.accepted.flatMap { value in
            AcceptLanguage.best(in: value.span) { tag in
                language(ofAccepted: tag.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
            }
        }
        return accepted ?? Self.fallbackLanguage
    }

    /// The file for a tag that a browser sent. Windows need not know the tag (`fr-CM` is French); when it does, its own name for it
    /// may be that of the file (`no` is `nb-NO`).
    private func language(ofAccepted tag: String) -> String? {
        language(of: tag) ?? Culture(tag: tag).flatMap { language(of: $0.tag) }
    }

    /// The file that fits a tag best: the whole tag, else its language. An operator may have added files of further ones.
    private func language(of tag: String) -> String? {
        let tag = tag.lowercased()
        let nearest = DocumentedLanguage(nearestTo: tag)?.tag.lowercased() ?? String(tag.prefix { $0 != "-" && $0 != "_" })
        return tags[tag] ?? tags[nearest]
    }

    private func sentence(_ key: String, in language: String) -> String {
        languages[language]?[key] ?? languages[Self.fallbackLanguage]?[key] ?? ""
    }

    /// Replaces the placeholders, once from left to right, so that no value is looked into again.
    ///
    /// - Parameters:
    ///   - values: text by placeholder.
    ///   - privacyLink: HTML, for its own placeholder.
    private func fill(_ values: [String: String], _ privacyLink: String) -> String {
        var result = ""
        var rest = shell[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            rest = rest[open...]
            guard rest.hasPrefix("{{"), let close = rest.firstIndex(of: "}"), rest[close...].hasPrefix("}}"),
                let html = markup(of: String(rest[..<close].dropFirst(2)), values, privacyLink)
            else {
                result.append(rest.removeFirst())
                continue
            }
            result += html
            rest = rest[close...].dropFirst(2)
        }
        return result + rest
    }

    private func markup(of place: String, _ values: [String: String], _ privacyLink: String) -> String? {
        place == Self.privacyPlace ? privacyLink : values[place].map { MarkupText.escaped($0) }
    }
}
