internal import Attribution

/// The sentences of the customer's page in one language.
struct CustomerTexts: Sendable {
    let language: DocumentedLanguage
    private let sentences: [CustomerSentence: [Piece]]

    /// What a sentence is made of.
    private enum Piece: Sendable {
        case text(String)
        case place(CustomerPlace)
    }

    /// Reads a text file: lines of `key: sentence` in UTF-8; empty lines and lines that begin with `#` are passed over.
    ///
    /// - Parameter file: what messages call it.
    /// - Throws: ``CustomerTextFault`` with the first thing that is wrong: a key that is unknown, there twice or missing, a
    ///   sentence that lacks one of the `{…}` it must have or has one that nothing is put into.
    init(_ bytes: [UInt8], language: DocumentedLanguage, file: String) throws(CustomerTextFault) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CustomerTextFault("\(file) is not UTF-8; save it as such")
        }
        var sentences: [CustomerSentence: [Piece]] = [:]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            let place = "\(file):\(index + 1)"
            guard let colon = line.firstIndex(of: ":") else {
                throw CustomerTextFault("\(place): the line is not `key: sentence`")
            }
            let key = String(line[..<colon])
            guard let sentence = CustomerSentence(rawValue: key) else {
                throw CustomerTextFault("\(place): \(key.debugDescription) is no key of the texts of customers' pages")
            }
            guard sentences[sentence] == nil else { throw CustomerTextFault("\(place): \(key) is there twice") }
            let pieces = try Self.pieces(of: line[line.index(after: colon)...].drop { $0 == " " }, at: place)
            try Self.check(pieces, of: sentence, at: place)
            sentences[sentence] = pieces
        }
        let missing = CustomerSentence.allCases.filter { sentences[$0] == nil }.map(\.rawValue)
        guard missing.isEmpty else { throw CustomerTextFault("\(file) lacks \(missing.joined(separator: ", "))") }
        self.language = language
        self.sentences = sentences
    }

    private static func check(_ pieces: [Piece], of sentence: CustomerSentence, at place: String) throws(CustomerTextFault) {
        var places: Set<CustomerPlace> = []
        for case .place(let found) in pieces { places.insert(found) }
        guard !pieces.isEmpty else { throw CustomerTextFault("\(place): \(sentence.rawValue) is empty") }
        guard places == sentence.places else {
            let expected = sentence.places.map { "{\($0.rawValue)}" }.sorted().joined(separator: " ")
            throw CustomerTextFault(
                "\(place): \(sentence.rawValue) has other words in braces than it must have, expected "
                    + (expected.isEmpty ? "none" : expected))
        }
    }

    private static func pieces(of text: Substring, at place: String) throws(CustomerTextFault) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text
        while let opening = rest.firstIndex(of: "{") {
            if opening > rest.startIndex { pieces.append(.text(String(rest[..<opening]))) }
            guard let closing = rest[opening...].firstIndex(of: "}") else {
                throw CustomerTextFault("\(place): { is not closed by }")
            }
            let inside = String(rest[rest.index(after: opening)..<closing])
            guard let found = CustomerPlace(rawValue: inside) else {
                throw CustomerTextFault("\(place): nothing is put in place of {\(inside)}")
            }
            pieces.append(.place(found))
            rest = rest[rest.index(after: closing)...]
        }
        return rest.isEmpty ? pieces : pieces + [.text(String(rest))]
    }

    /// A sentence as plain text on one line. What is put in is never read for places again.
    func line(_ sentence: CustomerSentence, _ words: [CustomerPlace: String] = [:]) -> String {
        (sentences[sentence] ?? []).map { piece -> String in
            switch piece {
            case .text(let text): text
            case .place(.check): line(.check)
            case .place(.submit): line(.submit)
            case .place(let place): words[place] ?? ""
            }
        }.joined()
    }
}
