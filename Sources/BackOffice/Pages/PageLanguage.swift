/// A language of the pages.
enum PageLanguage: String, CaseIterable, Sendable {
    case english = "en"
    case french = "fr"

    /// The first of a browser's wishes that there is (RFC 9110, section 12.5.4); English when there is none.
    ///
    /// - Parameter acceptLanguage: the header field's value.
    static func best(for acceptLanguage: String?) -> PageLanguage {
        let wishes = (acceptLanguage ?? "").split(separator: ",").prefix(20).map { element in
            let parts = element.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            return (tag: parts.first ?? "", quality: quality)
        }
        // Sorting is stable, so that of equal wishes the first one goes first.
        for wish in wishes.filter({ $0.quality > 0 }).sorted(by: { $0.quality > $1.quality }) {
            if let language = PageLanguage(rawValue: String(wish.tag.lowercased().prefix { $0 != "-" })) { return language }
        }
        return .english
    }
}
