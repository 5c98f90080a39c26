/// A culture that Windows knows, such as `fr-CA`.
package struct Culture: Hashable, Sendable {
    /// The place in ``table``.
    private let row: UInt16

    /// The language tag, written as Windows writes it.
    package var tag: String { Self.table[Int(row)].tag }
    /// The bytes of ``tag``: letters, digits and hyphens.
    var tagBytes: [UInt8] { Self.table[Int(row)].tagBytes }
    /// The Windows locale identifier, decimal in URLs (`lc=3084`).
    package var lcid: Int { Self.table[Int(row)].lcid }
    /// Whether its language is one of ``DocumentedLanguage``.
    package var isDocumented: Bool { Self.table[Int(row)].isDocumented }

    /// Looks a tag up as a whole, without regard to ASCII case; `_` counts as `-`, and a bare language means its usual culture.
    package init?(tag: Span<UInt8>) {
        guard let key = ShortText(tag, { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0.asciiLowercased }),
            let row = Self.byTag[key]
        else { return nil }
        self.row = row
    }

    package init?(tag: String) {
        self.init(tag: Array(tag.utf8).span)
    }

    /// The culture with this LCID; nil for one that Windows does not know.
    package init?(lcid: Int) {
        guard let row = Self.byLCID[lcid] else { return nil }
        self.row = row
    }

    private struct Row {
        let tag: String
        let tagBytes: [UInt8]
        let lcid: Int
        /// The bare languages that mean this culture.
        let languages: [[UInt8]]
        let isDocumented: Bool
    }

    private static let table = CultureTable.rows.description.split(separator: "\n").map { row in
        let columns = row.split(separator: ",", omittingEmptySubsequences: false)
        return Row(
            tag: String(columns[0]), tagBytes: Array(columns[0].utf8), lcid: Int(columns[1])!,
            languages: columns[2].split(separator: " ").map { Array($0.utf8) },
            isDocumented: DocumentedLanguage(nearestTo: String(columns[0])) != nil)
    }

    private static let byTag: [ShortText: UInt16] = {
        var byTag: [ShortText: UInt16] = [:]
        for (row, culture) in table.enumerated() {
            // Every tag of the table is shorter than a short text may be.
            for name in [culture.tagBytes] + culture.languages { byTag[ShortText(name.span, \.asciiLowercased)!] = UInt16(row) }
        }
        return byTag
    }()

    private static let byLCID = Dictionary(uniqueKeysWithValues: zip(table.map(\.lcid), 0...)) as [Int: UInt16]
}
