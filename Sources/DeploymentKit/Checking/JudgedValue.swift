package import Attribution

/// One of the module's values, and what becomes of sign-ups because of it.
package struct JudgedValue: Equatable, Sendable {
    /// As the export writes it.
    package let key: String
    package let name: SignupValue.Name
    package let data: RegistryData
    /// What a server opens; several when the provider's own URLs are, none when nothing can be opened.
    package let opened: [Opened]

    /// A URL that a server opens.
    package struct Opened: Equatable, Sendable {
        package let url: String
        package let verdict: SignupVerdict
        /// Whether it comes to one of the operator's gateways at all.
        package let isOurs: Bool
    }

    /// Whether every sign-up is attributed.
    package var isAttributed: Bool { !opened.isEmpty && opened.allSatisfy { $0.isOurs && $0.verdict.isAttributed } }

    /// Whom sign-ups are attributed to; nil when not all of them are, or not all to the same.
    package var partner: PartnerID? {
        guard isAttributed, let partner = opened.first?.verdict.partner else { return nil }
        return opened.allSatisfy { $0.verdict.partner == partner } ? partner : nil
    }

    /// In the words of a record, each once.
    package var words: [String] {
        var words: [String] = []
        for opened in opened {
            let word = opened.isOurs ? opened.verdict.words : "elsewhere"
            if !words.contains(word) { words.append(word) }
        }
        return words.isEmpty ? ["not sent"] : words
    }
}
