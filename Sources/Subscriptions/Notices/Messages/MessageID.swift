import Attribution

/// A message's name, by which mail programs know a second copy as the same (RFC 5322 section 3.6.4): made from the change that the
/// message tells of, so that it is the same at each attempt.
package struct MessageID: Hashable, Sendable, CustomStringConvertible {
    /// With its angle brackets: `<01ARZ3NDEKTSV4RRFFQ69G5FAV.added@gateway.example>`.
    package let description: String

    /// - Parameter domain: of the operator's mail.
    init(_ notice: Notice, domain: String) {
        description = "<\(Self.atom(notice.change)).\(notice.kind.rawValue)@\(domain)>"
    }

    /// What ``description`` said before.
    init(text: String) {
        description = text
    }

    /// The ID with all that could not stand in an atom, and the underscore itself, as `_XX`: no two IDs become one.
    private static func atom(_ change: String) -> String {
        var atom = ""
        for byte in change.utf8 {
            if byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "-") {
                atom.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let hex = String(byte, radix: 16, uppercase: true)
                atom += "_" + (hex.count == 1 ? "0" : "") + hex
            }
        }
        return atom
    }
}
