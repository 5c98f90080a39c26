/// Finds the first of several words in a text, all in one pass, ASCII case not regarded. A class, so that its table is not copied.
final class WordFinder: Sendable {
    private let words: [StaticString]
    /// By a byte of the text: the number of words up to the last that begins with it; 0 for most bytes.
    private let ends: InlineArray<256, UInt8>

    /// - Parameter words: in lower case, those with the same first byte beside each other; none may begin another.
    init(_ words: [StaticString]) {
        self.words = words
        var ends = InlineArray<256, UInt8>(repeating: 0)
        for (index, word) in words.enumerated() {
            ends[Int(word.bytes[0])] = UInt8(index + 1)
            ends[Int(word.bytes[0].asciiUppercased)] = UInt8(index + 1)
        }
        self.ends = ends
    }

    /// The first word that stands at or after an index.
    func first(in text: Span<UInt8>, from start: Int = 0) -> (word: Int, index: Int)? {
        precondition(start >= 0)
        var index = start
        while index < text.count {
            let end = ends[Int(text[unchecked: index])]
            if end > 0, let word = word(in: text, at: index, before: Int(end)) { return (word, index) }
            index += 1
        }
        return nil
    }

    private func word(in text: Span<UInt8>, at index: Int, before end: Int) -> Int? {
        var word = end - 1
        while word >= 0, words[word].bytes[0] == text[index].asciiLowercased {
            if text.contains(lowercase: words[word], at: index) { return word }
            word -= 1
        }
        return nil
    }
}
