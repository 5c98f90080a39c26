internal import Attribution

/// What stands around every page for customers: `subscription/page.html` of the public folder, with `{{language}}`, `{{title}}`
/// and `{{content}}`, each at least once.
struct CustomerShell: Sendable {
    private let pieces: [Piece]

    private enum Piece: Sendable {
        case markup(String)
        case place(Place)
    }

    private enum Place: String, CaseIterable, Sendable {
        case language, title, content
    }

    /// - Parameter file: what messages call it.
    /// - Throws: ``CustomerTextFault`` when a place is missing.
    init(_ bytes: [UInt8], file: String) throws(CustomerTextFault) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CustomerTextFault("\(file) is not UTF-8; save it as such")
        }
        var pieces: [Piece] = []
        var found: Set<Place> = []
        var rest = text[...]
        while let opening = rest.firstRange(of: "{{") {
            let behind = rest[opening.upperBound...]
            guard let closing = behind.firstRange(of: "}}"), let place = Place(rawValue: String(behind[..<closing.lowerBound]))
            else {
                // Braces of the page's own.
                pieces.append(.markup(String(rest[..<opening.upperBound])))
                rest = behind
                continue
            }
            pieces.append(.markup(String(rest[..<opening.lowerBound])))
            pieces.append(.place(place))
            found.insert(place)
            rest = behind[closing.upperBound...]
        }
        pieces.append(.markup(String(rest)))
        let missing = Place.allCases.filter { !found.contains($0) }.map { "{{\($0.rawValue)}}" }
        guard missing.isEmpty else { throw CustomerTextFault("\(file) has no place for \(missing.joined(separator: ", "))") }
        self.pieces = pieces
    }

    /// - Parameters:
    ///   - title: text.
    ///   - content: HTML.
    func page(language: String, title: String, content: String) -> [UInt8] {
        let texts = pieces.map { piece -> String in
            switch piece {
            case .markup(let markup): markup
            case .place(.language): language
            case .place(.title): MarkupText.escaped(title)
            case .place(.content): content
            }
        }
        return Array(texts.joined().utf8)
    }
}
