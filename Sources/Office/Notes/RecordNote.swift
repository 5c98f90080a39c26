package import Attribution

/// What somebody wrote about a record. It changes no count, and stays as it was written.
package struct RecordNote: Equatable, Sendable {
    package let id: Int64
    package let time: Timestamp
    /// The user's name, the token's, or the command's user.
    package let who: String
    /// Plain text, which may have several lines.
    package let text: String

    package static let maximumScalars = 4_000
    /// On one record: enough for a long dispute, and a page that can still be read.
    package static let maximumNotes = 200

    /// The text with line feeds as line ends, without white space at both ends.
    ///
    /// - Throws: ``OfficeError`` `invalid-note`.
    static func checkedText(_ text: String) throws(OfficeError) -> String {
        let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        let trimmed = PartnerText.trimmed(lines)
        guard !trimmed.isEmpty, trimmed.unicodeScalars.count <= maximumScalars else {
            throw OfficeError(
                .invalidNote,
                "the note has \(trimmed.unicodeScalars.count) characters, expected 1 to \(maximumScalars)",
                Mistake(.noteLength, "\(trimmed.unicodeScalars.count)", "\(maximumScalars)"))
        }
        let isPlain = trimmed.unicodeScalars.allSatisfy { scalar in
            scalar == "\n" || scalar == "\t" || scalar.properties.generalCategory != .control
        }
        guard isPlain else {
            throw OfficeError(.invalidNote, "the note has control characters, expected plain text", Mistake(.noteControl))
        }
        return trimmed
    }
}
