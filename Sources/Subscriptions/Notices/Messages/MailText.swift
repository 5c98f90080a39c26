import Office

/// Text from elsewhere, as it may stand in a message.
enum MailText {
    /// More of a subscription's ID or a product's name helps nobody.
    static let maximumScalars = 200

    /// The text on one line: control characters, line ends and what turns the direction of text round become spaces, spaces that
    /// follow each other one. Longer texts end in `…`.
    static func line(_ text: String, atMost maximum: Int = maximumScalars) -> String {
        let scalars = text.unicodeScalars.map { PartnerText.isControl($0) || $0.properties.isWhitespace ? " " : $0 }
        let line = String(String.UnicodeScalarView(scalars)).split(separator: " ").joined(separator: " ")
        guard line.unicodeScalars.count > maximum else { return line }
        return String(String.UnicodeScalarView(line.unicodeScalars.prefix(maximum - 1))) + "…"
    }
}
