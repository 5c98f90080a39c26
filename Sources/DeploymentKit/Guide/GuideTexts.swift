package import Attribution

/// The guide's sentences in one language.
package struct GuideTexts: Sendable {
    package let language: DocumentedLanguage
    private let sentences: [GuideSentence: [Piece]]

    /// What a sentence is made of.
    enum Piece: Equatable, Sendable {
        case text(String)
        /// What a person clicks, in the language of their Windows: `*…*` in the file.
        case label(String)
        case place(GuidePlace)
    }

    /// Reads a text file: lines of `key: sentence` in UTF-8; empty lines and lines that begin with `#` are passed over.
    ///
    /// - Parameter file: what messages call it.
    /// - Throws: ``KitFault`` with the first thing that is wrong: a key that is unknown, there twice or missing, a sentence that
    ///   lacks one of the `{…}` it must have or has one that nothing is put into.
    package init(_ bytes: [UInt8], language: DocumentedLanguage, file: String) throws(KitFault) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw KitFault("\(file) is not UTF-8; save it as such") }
        var sentences: [GuideSentence: [Piece]] = [:]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            let place = "\(file):\(index + 1)"
            guard let colon = line.firstIndex(of: ":") else { throw KitFault("\(place): the line is not `key: sentence`") }
            guard let sentence = GuideSentence(rawValue: String(line[..<colon])) else {
                throw KitFault("\(place): \(String(line[..<colon]).quoted) is no key of the guide's texts")
            }
            guard sentences[sentence] == nil else { throw KitFault("\(place): \(sentence.rawValue) is there twice") }
            let pieces = try Self.pieces(of: line[line.index(after: colon)...].drop { $0 == " " }, at: place)
            try Self.check(pieces, of: sentence, at: place)
            sentences[sentence] = pieces
        }
        let missing = GuideSentence.allCases.filter { sentences[$0] == nil }.map(\.rawValue)
        guard missing.isEmpty else { throw KitFault("\(file) lacks \(missing.joined(separator: ", "))") }
        self.language = language
        self.sentences = sentences
    }

    private static func check(_ pieces: [Piece], of sentence: GuideSentence, at place: String) throws(KitFault) {
        var places: Set<GuidePlace> = []
        for case .place(let found) in pieces { places.insert(found) }
        guard !pieces.isEmpty else { throw KitFault("\(place): \(sentence.rawValue) is empty") }
        guard places == sentence.places else {
            let expected = sentence.places.map { "{\($0.rawValue)}" }.sorted().joined(separator: " ")
            throw KitFault(
                "\(place): \(sentence.rawValue) has other words in braces than it must have, expected "
                    + (expected.isEmpty ? "none" : expected))
        }
    }

    private static func pieces(of text: Substring, at place: String) throws(KitFault) -> [Piece] {
        var pieces: [Piece] = []
        var plain = ""
        var rest = text
        while let character = rest.popFirst() {
            guard let closing = closings[character] else {
                plain.append(character)
                continue
            }
            guard let end = rest.firstIndex(of: closing) else {
                throw KitFault("\(place): \(character) is not closed by \(closing)")
            }
            let inside = String(rest[..<end])
            rest = rest[rest.index(after: end)...]
            if !plain.isEmpty { pieces.append(.text(plain)) }
            plain = ""
            if character == "*" {
                pieces.append(.label(inside))
            } else if let found = GuidePlace(rawValue: inside) {
                pieces.append(.place(found))
            } else {
                throw KitFault("\(place): nothing is put in place of {\(inside)}")
            }
        }
        return plain.isEmpty ? pieces : pieces + [.text(plain)]
    }

    private static let closings: [Character: Character] = ["{": "}", "*": "*"]

    /// A sentence as HTML.
    ///
    /// - Parameter words: what stands in place of the sentence's `{…}`, beside what is the same in every guide.
    func html(_ sentence: GuideSentence, _ words: [GuidePlace: String] = [:]) -> String {
        (sentences[sentence] ?? []).map { piece in
            switch piece {
            case .text(let text): return MarkupText.escaped(text)
            case .label(let text): return "<strong>\(MarkupText.escaped(text))</strong>"
            case .place(let place):
                let word = MarkupText.escaped(words[place] ?? GuidePlace.constants[place] ?? "")
                return place.isCode ? "<code>\(word)</code>" : word
            }
        }.joined()
    }
}
