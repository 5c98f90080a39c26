/// Goes through the members of a leaf as they lie: canonical JSON, flat, without white space.
///
/// A leaf that is not of the form ends early; whoever must know is told so by `log verify`.
struct LeafMembers {
    /// Where in the leaf a name lies, and its value: of a text without its quotation marks, of a list with its brackets.
    struct Member {
        let name: Range<Int>
        let value: Range<Int>
    }

    private let leaf: UnsafeRawBufferPointer
    /// Where the next member's comma is, or the closing bracket.
    private(set) var place = 0

    init(_ leaf: UnsafeRawBufferPointer) {
        self.leaf = leaf
    }

    mutating func next() -> Member? {
        // Before each member stands `{` or `,`.
        guard place + 1 < leaf.count, leaf[place + 1] == UInt8(ascii: "\"") else { return nil }
        place += 1
        guard let name = text(), place < leaf.count, leaf[place] == UInt8(ascii: ":") else { return nil }
        place += 1
        guard place < leaf.count else { return nil }
        switch leaf[place] {
        case UInt8(ascii: "\""): return text().map { Member(name: name, value: $0) }
        case UInt8(ascii: "["): return list().map { Member(name: name, value: $0) }
        default:
            let start = place
            while place < leaf.count, leaf[place] != UInt8(ascii: ","), leaf[place] != UInt8(ascii: "}") { place += 1 }
            return Member(name: name, value: start..<place)
        }
    }

    /// Passes over a text, from its opening quotation mark to behind its closing one.
    private mutating func text() -> Range<Int>? {
        place += 1
        let start = place
        while place < leaf.count, leaf[place] != UInt8(ascii: "\"") {
            place += leaf[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard place < leaf.count else { return nil }
        defer { place += 1 }
        return start..<place
    }

    private mutating func list() -> Range<Int>? {
        let start = place
        while place < leaf.count, leaf[place] != UInt8(ascii: "]") {
            if leaf[place] == UInt8(ascii: "\"") {
                guard text() != nil else { return nil }
            } else {
                place += 1
            }
        }
        guard place < leaf.count else { return nil }
        place += 1
        return start..<place
    }
}
