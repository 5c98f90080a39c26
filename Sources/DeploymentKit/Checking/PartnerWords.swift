/// The word for partner, where a translation of the documentation, or who follows it, puts it in place of the value's name.
enum PartnerWords {
    /// In the languages in which the documentation exists, beside German and Italian, which say Partner.
    private static let words: Set<String> = [
        "partenaire", "socio", "asociado", "parceiro", "partnera", "partnerem", "партнер", "партнёр", "パートナー", "파트너",
        "合作伙伴", "合作夥伴", "伙伴", "夥伴",
    ]

    static func contain(_ name: String) -> Bool { words.contains(name.trimmed.lowercased()) }
}
