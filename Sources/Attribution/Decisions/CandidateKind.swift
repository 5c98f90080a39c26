/// What a text given as a Partner ID is.
package enum CandidateKind: Equatable, Sendable {
    case id(PartnerID)
    /// A GUID: of a tenant or an offer, put where the Partner ID belongs.
    case guid
    /// What the documentation prints in place of an ID, or a template that nobody filled in.
    case placeholder
    case malformed(Reason)
    /// Empty, or a program's word for nothing (`0`, `null`, `(null)`, `undefined`): it counts as not sent.
    case nothing
}

extension CandidateKind {
    /// Cleans a candidate and says what it is (DESIGN, "Partner candidates").
    package static func classify(_ raw: ArraySlice<UInt8>) -> CandidateKind {
        // Nearly all candidates are clean.
        if let id = PartnerID(digits: raw.span) { return .id(id) }
        guard let text = String(validating: raw, as: UTF8.self) else { return .malformed(.notUTF8) }
        let bytes = Array(String(cleaned(text)).utf8)
        if isNothing(bytes) { return .nothing }
        if let id = PartnerID(digits: bytes.span) { return .id(id) }
        if isGUID(bytes) { return .guid }
        if isPlaceholder(bytes) { return .placeholder }
        guard bytes.allSatisfy(\.isASCIIDigit) else { return .malformed(.notDigits) }
        return .malformed(bytes.first == UInt8(ascii: "0") ? .leadingZero : .tooLong)
    }

    package static func classify(_ raw: some Collection<UInt8>) -> CandidateKind {
        classify(Array(raw)[...])
    }

    /// A candidate as it is judged; nil for bytes that are not UTF-8.
    static func cleanedText(of raw: ArraySlice<UInt8>) -> String? {
        String(validating: raw, as: UTF8.self).map { String(cleaned($0)) }
    }

    /// Trims, takes off one pair of quotes, trims again, and folds full-width digits.
    private static func cleaned(_ text: String) -> String.UnicodeScalarView {
        var scalars = trimmed(text.unicodeScalars[...])
        if scalars.count >= 2, let first = scalars.first, let last = scalars.last, closingQuotes[first] == last {
            scalars = trimmed(scalars.dropFirst().dropLast())
        }
        return String.UnicodeScalarView(scalars.map(foldingFullWidthDigit))
    }

    private static let closingQuotes: [Unicode.Scalar: Unicode.Scalar] = ["\"": "\"", "'": "'", "“": "”", "‘": "’"]

    private static func trimmed(_ scalars: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView {
        var rest = scalars
        while let first = rest.first, isTrimmed(first) { rest.removeFirst() }
        while let last = rest.last, isTrimmed(last) { rest.removeLast() }
        return rest
    }

    /// The property White_Space, NUL, and the byte order mark.
    private static func isTrimmed(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar == "\0" || scalar == "\u{FEFF}"
    }

    private static func foldingFullWidthDigit(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "\u{FF10}"..."\u{FF19}": Unicode.Scalar(UInt8(ascii: "0") + UInt8(scalar.value - 0xFF10))
        default: scalar
        }
    }

    private static func isNothing(_ bytes: [UInt8]) -> Bool {
        bytes.isEmpty || bytes == [UInt8(ascii: "0")]
            || ["null", "(null)", "undefined"].contains { bytes.equalsIgnoringASCIICase($0.utf8) }
    }

    /// 8-4-4-4-12 hexadecimal digits, in braces or not.
    private static func isGUID(_ bytes: [UInt8]) -> Bool {
        var digits = bytes[...]
        if digits.first == UInt8(ascii: "{"), digits.last == UInt8(ascii: "}"), digits.count > 2 {
            digits = digits.dropFirst().dropLast()
        }
        let groups = digits.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return groups.map(\.count) == [8, 4, 4, 4, 12] && groups.joined().allSatisfy { $0.hexValue != nil }
    }

    private static let brackets: [(opening: String, closing: String)] = [
        ("<", ">"), ("[", "]"), ("{", "}"), ("%", "%"), ("$(", ")"), ("${", "}"),
    ]

    /// Three or more `x`, or something in the brackets that templates are written with.
    private static func isPlaceholder(_ bytes: [UInt8]) -> Bool {
        if bytes.count >= 3, bytes.allSatisfy({ $0.asciiLowercased == UInt8(ascii: "x") }) { return true }
        return brackets.contains { opening, closing in
            bytes.count > opening.utf8.count + closing.utf8.count
                && bytes.starts(with: opening.utf8) && bytes.suffix(closing.utf8.count).elementsEqual(closing.utf8)
        }
    }
}
