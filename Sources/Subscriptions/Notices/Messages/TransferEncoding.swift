import Foundation

/// How a part's UTF-8 is written in ASCII lines of at most 76 characters (RFC 2045 section 6), which every mail system passes on as
/// they are.
enum TransferEncoding: String {
    case quotedPrintable = "quoted-printable"
    case base64

    /// Of an encoded line, its line end not counted (sections 6.7 and 6.8).
    private static let lineLength = 76

    /// What is mostly ASCII stays legible; other scripts are much shorter as base64.
    init(for text: String) {
        let foreign = text.utf8.count(where: { $0 >= 0x80 })
        self = foreign * 4 > text.utf8.count ? .base64 : .quotedPrintable
    }

    /// - Parameter text: its lines end in `\n`.
    func lines(of text: String) -> [String] {
        switch self {
        case .base64: Self.base64Lines(of: text)
        case .quotedPrintable:
            text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                .flatMap { Self.quotedLines(Array($0)) }
        }
    }

    /// Line ends are text here, and CRLF in its canonical form (section 6.8).
    private static func base64Lines(of text: String) -> [String] {
        var rest = Data(text.replacing("\n", with: "\r\n").utf8).base64EncodedString()[...]
        var lines: [String] = []
        while !rest.isEmpty {
            lines.append(String(rest.prefix(lineLength)))
            rest = rest.dropFirst(lineLength)
        }
        return lines
    }

    /// One line of text, as one or more that end in `=` where the text goes on.
    private static func quotedLines(_ bytes: [UInt8]) -> [String] {
        var lines: [String] = []
        var line = ""
        for (index, byte) in bytes.enumerated() {
            let isLast = index == bytes.count - 1
            var piece = quoted(byte, isLast: isLast)
            // The last place of a line is for the `=`.
            if line.utf8.count + piece.utf8.count > lineLength - 1 {
                lines.append(line + "=")
                line = ""
            }
            // A lone dot ends a message for some, and mbox files take `From ` for the next one (RFC 2049 section 3).
            if line.isEmpty, byte == UInt8(ascii: ".") || bytes[index...].starts(with: "From ".utf8) { piece = escape(byte) }
            line += piece
        }
        return lines + [line]
    }

    /// Section 6.7, rules 1 to 3: a space or tab may not end a line.
    private static func quoted(_ byte: UInt8, isLast: Bool) -> String {
        switch byte {
        case UInt8(ascii: "="): escape(byte)
        case UInt8(ascii: " "), UInt8(ascii: "\t"): isLast ? escape(byte) : String(Unicode.Scalar(byte))
        case 0x21...0x7E: String(Unicode.Scalar(byte))
        default: escape(byte)
        }
    }

    private static func escape(_ byte: UInt8) -> String {
        let hex = String(byte, radix: 16, uppercase: true)
        return "=" + (hex.count == 1 ? "0" : "") + hex
    }
}
