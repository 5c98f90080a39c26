import Attribution
import Mustache
import Office

/// HTML escapes by Unicode scalars. The template engine's own goes by characters, and passes over a quotation mark or a `<` on
/// which an accent stands.
struct HTMLText: MustacheContentType {
    static let name = "PORTER"

    /// Put before every template.
    static let pragma = "{{% CONTENT_TYPE:\(name)}}"

    func escapeText(_ text: String) -> String { Self.escaped(text) }

    /// HTML has no control characters but tab and line ends (HTML Standard, section 13.1), and what turns the direction of text round is
    /// shown and not obeyed.
    static func escaped(_ text: String) -> String {
        MarkupText.escaped(text) { !(0x20..<0x7F).contains($0.value) && PartnerText.isControl($0) }
    }
}
