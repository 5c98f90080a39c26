/// A culture that Windows knows, such as `fr-CA`.
package struct Culture: Hashable, Sendable {
    /// The language tag, written as Windows writes it.
    package let tag: String
    /// The Windows locale identifier, decimal in URLs (`lc=3084`).
    package let lcid: Int

    private init(tag: String, lcid: Int) {
        self.tag = tag
        self.lcid = lcid
    }

    /// Looks a tag up as a whole, without regard to ASCII case; `_` counts as `-`, and a bare language means its usual culture.
    package init?(tag: some Collection<UInt8>) {
        guard tag.count <= Self.longestTag else { return nil }
        let key = tag.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0.asciiLowercased }
        guard let culture = Self.byTag[key] else { return nil }
        self = culture
    }

    /// The culture with this LCID; nil for one that Windows does not know.
    package init?(lcid: Int) {
        guard let culture = Self.byLCID[lcid] else { return nil }
        self = culture
    }

    /// Longer than the table's longest; spares the work for texts that can't be in it.
    private static let longestTag = 16

    private static let all: [(culture: Culture, languages: [[UInt8]])] =
        CultureTable.rows.description.split(separator: "\n").map { row in
            let columns = row.split(separator: ",", omittingEmptySubsequences: false)
            let culture = Culture(tag: String(columns[0]), lcid: Int(columns[1])!)
            return (culture, columns[2].split(separator: " ").map { Array($0.utf8) })
        }

    private static let byTag: [[UInt8]: Culture] = {
        var byTag: [[UInt8]: Culture] = [:]
        for (culture, languages) in all {
            byTag[culture.tag.lowercasedASCIIBytes] = culture
            for language in languages { byTag[language] = culture }
        }
        return byTag
    }()

    private static let byLCID = Dictionary(uniqueKeysWithValues: all.map { ($0.culture.lcid, $0.culture) })
}
