internal import Attribution

/// Which bytes may stand where in a URI (RFC 3986).
enum URISyntax {
    /// Unreserved characters and sub-delimiters (sections 2.2 and 2.3), besides letters and digits.
    private static let common = Array("-._~!$&'()*+,;=".utf8)

    /// Section 3.3, whole paths.
    static let path = Set(common + Array(":@/".utf8))
    /// Section 3.5.
    static let fragment = Set(common + Array(":@/?".utf8))

    /// What is wrong with a part of a URI, as the second half of a sentence with what is expected; nil when nothing is.
    static func problem(in bytes: [UInt8], allowing marks: Set<UInt8>) -> String? {
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                continue
            case UInt8(ascii: "%"):
                let digits = bytes[(index + 1)...].prefix(2)
                guard digits.count == 2, digits.allSatisfy({ $0.hexValue != nil }) else {
                    return "has a % without two hexadecimal digits, expected %25 for a percent sign"
                }
            case 0x80...:
                return "is not ASCII, expected such characters as %XX of their UTF-8 bytes"
            case _ where marks.contains(byte):
                continue
            default:
                let character = String(UnicodeScalar(byte)).quotedForMessage
                return "has the character \(character), which may not stand there, expected it as \(percentEncoded(byte))"
            }
        }
        return nil
    }

    private static func percentEncoded(_ byte: UInt8) -> String {
        let hex = String(byte, radix: 16, uppercase: true)
        return "%" + (hex.count == 1 ? "0" : "") + hex
    }
}
