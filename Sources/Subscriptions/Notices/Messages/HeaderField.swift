/// A header field on as many lines as it needs (RFC 5322 section 2.2.3). Nothing that is put in can begin a field of its own: words
/// have neither line ends nor other control characters.
struct HeaderField {
    let name: String
    /// What is kept together; a space or a fold is between them.
    private let words: [String]

    /// RFC 2047 section 2: a line with an encoded word has at most 76 characters. RFC 5322 section 2.1.1 recommends 78 for any.
    private static let lineLength = 76
    /// Longer words are encoded, which parts them.
    private static let maximumWordLength = 60

    /// - Parameter words: ours, or checked.
    init(_ name: String, words: [String]) {
        precondition(
            words.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } },
            "a header's word is printable ASCII")
        self.name = name
        self.words = words
    }

    /// Text as a person reads it.
    init(_ name: String, text: String) {
        let line = MailText.line(text)
        self.init(name, words: Self.isPlain(line) ? line.split(separator: " ").map(String.init) : EncodedWords.words(line))
    }

    init(_ name: String, _ mailbox: Mailbox) {
        let address = mailbox.address.description
        guard let shown = mailbox.name.map({ MailText.line($0) }), !shown.isEmpty else {
            self.init(name, words: [address])
            return
        }
        let quoted = "\"\(shown)\""
        // What a quoted string would have to escape is encoded.
        let isQuotable =
            Self.isPlain(shown) && quoted.utf8.count <= Self.maximumWordLength && !shown.contains { "\"\\".contains($0) }
        self.init(name, words: (isQuotable ? [quoted] : EncodedWords.words(shown)) + ["<\(address)>"])
    }

    /// Whether the text can stand as it is: ASCII, no word too long for a line, and none that would be taken for an encoded one.
    private static func isPlain(_ line: String) -> Bool {
        line.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !line.contains("=?")
            && line.split(separator: " ").allSatisfy { $0.utf8.count <= maximumWordLength }
    }

    /// Without line ends. Only a word that is longer than a line makes one that is.
    var lines: [String] {
        var lines: [String] = []
        var line = name + ":"
        for (index, word) in words.enumerated() {
            if index > 0, line.utf8.count + 1 + word.utf8.count > Self.lineLength {
                lines.append(line)
                line = ""
            }
            line += " " + word
        }
        return lines + [line]
    }
}
