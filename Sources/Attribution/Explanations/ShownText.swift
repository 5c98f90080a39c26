/// What was sent, as people can read it: what can't be seen, and bytes that are not UTF-8, are written `%XX`.
enum ShownText {
    /// Bytes that are shown; a whole sign-up URL that makes sense has fewer.
    static let maximumBytes = 1_024

    static func of(_ bytes: some Collection<UInt8>) -> String {
        let shown = Array(bytes.prefix(maximumBytes))
        let end = bytes.count > maximumBytes ? "…" : ""
        guard let text = validText(shown, isCut: bytes.count > maximumBytes) else {
            return PersonalText.escaped(shown) + end
        }
        var written = ""
        for scalar in text.unicodeScalars {
            if isSeen(scalar) {
                written.unicodeScalars.append(scalar)
            } else {
                var escaped: [UInt8] = []
                for byte in String(scalar).utf8 { escaped.appendPercentEscape(byte) }
                written += String(decoding: escaped, as: UTF8.self)
            }
        }
        return written + end
    }

    /// The cut may fall into a character.
    private static func validText(_ bytes: [UInt8], isCut: Bool) -> String? {
        for missing in 0...(isCut ? 3 : 0) {
            if let text = String(validating: bytes.dropLast(missing), as: UTF8.self) { return text }
        }
        return nil
    }

    private static func isSeen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
