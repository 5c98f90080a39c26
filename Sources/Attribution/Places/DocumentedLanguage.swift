/// A language in which the documentation of the integration module exists. The front door's pages and the guide to a kit speak
/// each of them: the one list, which their folders of texts are tested against.
package enum DocumentedLanguage: String, CaseIterable, Sendable {
    case english = "en"
    case german = "de"
    case spanish = "es"
    case french = "fr"
    case italian = "it"
    case japanese = "ja"
    case korean = "ko"
    case polish = "pl"
    case brazilianPortuguese = "pt-BR"
    case russian = "ru"
    case simplifiedChinese = "zh-CN"
    case traditionalChinese = "zh-TW"

    /// For a page's `lang`, and the name of the language's file of texts.
    package var tag: String { rawValue }

    /// All tags, for messages.
    package static let tags = allCases.map(\.tag).joined(separator: ", ")

    /// The language with exactly this tag, without regard to ASCII case.
    package init?(tag: String) {
        guard let language = Self.allCases.first(where: { $0.tag.lowercased() == tag.lowercased() }) else { return nil }
        self = language
    }

    /// The language that somebody reads who asks for another tag of it: French of Canada is French. Portuguese is one for both
    /// its countries; Chinese in traditional characters is read in Taiwan, Hong Kong and Macao, unless the tag says otherwise.
    package init?(nearestTo tag: String) {
        let subtags = tag.lowercased().split { $0 == "-" || $0 == "_" }
        guard let primary = subtags.first else { return nil }
        switch primary {
        case "pt": self = .brazilianPortuguese
        case "zh" where subtags.contains("hans"): self = .simplifiedChinese
        case "zh" where subtags.contains(where: Self.traditional.contains): self = .traditionalChinese
        case "zh": self = .simplifiedChinese
        default: self.init(tag: String(primary))
        }
    }

    private static let traditional: Set<Substring> = ["hant", "tw", "hk", "mo"]
}
