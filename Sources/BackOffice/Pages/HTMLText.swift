import Mustache
import Office

/// HTML escapes by Unicode scalars. The template engine's own goes by characters, and passes over a quotation mark or a `<` on
/// which an accent stands.
struct HTMLText: MustacheContentType {
    static let name = "PORTER"

    /// Put before every template.
    static let pragma = "{{% CONTENT_TYPE:\(name)}}"

    func escapeText(_ text: String) -> String { Self.escaped(text) }

    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            // HTML has no control characters but these (HTML Standard, section 13.1).
            case "\t", "\n", "\r": escaped.unicodeScalars.append(scalar)
            // What turns the direction of text round is shown and not obeyed.
            case let other where !(0x20..<0x7F).contains(other.value) && PartnerText.isControl(other): escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
