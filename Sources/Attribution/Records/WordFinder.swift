/// Finds the first of several words in a text, all in one pass, ASCII case not regarded. No word may begin another.
struct WordFinder: Sendable {
    private let words: [StaticString]
    /// The words' first bytes.
    private let beginnings: [UInt8]
    private let candidates: ByteSet

    /// - Parameter words: in lower case.
    init(_ words: [StaticString]) {
        self.words = words
        beginnings = words.map { $0.bytes[0] }
        candidates = ByteSet(beginnings + beginnings.map(\.asciiUppercased))
    }

    /// The first word that stands at or after an index.
    func first(in text: Span<UInt8>, from start: Int = 0) -> (word: Int, index: Int)? {
        let candidates = candidates
        for index in start..<text.count where candidates.contains(text[index]) {
            let beginning = text[index].asciiLowercased
            for word in words.indices where beginnings[word] == beginning && text.contains(lowercase: words[word], at: index) {
                return (word, index)
            }
        }
        return nil
    }
}
