/// Where something stands in a text, both counted from 1; columns count Unicode scalars.
package struct TextPosition: Hashable, Comparable, Sendable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static let start = TextPosition(line: 1, column: 1)

    package static func < (left: TextPosition, right: TextPosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

extension TextPosition: CustomStringConvertible {
    /// `line:column`
    package var description: String { "\(line):\(column)" }
}

/// A piece of a YAML document with its position. Keys stay in their order, and one that is written twice is there twice.
struct YAMLNode: Sendable {
    enum Content: Sendable {
        /// The text as written, whatever type YAML would see in it: `no`, `1.10` and `0123` are texts.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([Pair])
    }

    struct Pair: Sendable {
        let key: YAMLNode
        let value: YAMLNode
    }

    let position: TextPosition
    let content: Content
    /// How many nodes this one stands for, itself included, aliases followed.
    let size: Int
}

extension YAMLNode {
    /// Whether nothing is written where the node should be.
    var isNothing: Bool {
        if case .scalar("", isPlain: true) = content { true } else { false }
    }

    /// How a message names what is there.
    var kindInWords: String {
        switch content {
        case .scalar("", isPlain: true): "nothing"
        case .scalar(let text, _): "the text \(text.quotedForMessage)"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// What keeps a text from being read as one YAML document.
struct YAMLMistake: Error {
    let position: TextPosition
    let message: String
}
