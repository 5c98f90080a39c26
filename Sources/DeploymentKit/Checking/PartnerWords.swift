/// The word for partner, where a translation of the documentation, or who follows it, puts it in place of the value's name.
enum PartnerWords {
    /// In the languages in which the documentation exists, beside German and Italian, which say Partner.
    private static let words: Set<String> = [
        "partenaire", "socio", "asociado", "parceiro", "partnera", "partnerem", "партнер", "партнёр", "パートナー", "파트너",
        "合作伙伴", "合作夥伴", "伙伴", "夥伴",
    ]

    /// Whether the name is nothing but the word.
    static func contain(_ name: String) -> Bool { words.contains(name.trimmed.lowercased()) }

    /// Whether the word, Partner itself among them, stands somewhere in the name: `ID partenaire`, `Partner-ID`, `партнёра`.
    static func occur(in name: String) -> Bool {
        let lowercased = name.lowercased()
        return lowercased.contains("partner") || words.contains { lowercased.contains($0) }
    }
}
