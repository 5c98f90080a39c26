/// Text in HTML and XML.
package enum MarkupText {
    /// The text for content and for attributes in quotes, escaped by Unicode scalars: an accent makes one character of a `<` and itself,
    /// and hides nothing.
    ///
    /// - Parameter isForbidden: what becomes U+FFFD, but for tab and line ends, which stay; unless told otherwise what XML 1.0 can't hold
    ///   at all (section 2.2), and the other control characters.
    package static func escaped(_ text: String, replacing isForbidden: (Unicode.Scalar) -> Bool = isUnwritable) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\t", "\n", "\r": escaped.unicodeScalars.append(scalar)
            case let other where isForbidden(other): escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    package static func isUnwritable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{00}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": true
        default: false
        }
    }
}
