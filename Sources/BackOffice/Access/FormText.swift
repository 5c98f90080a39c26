import Attribution
import Foundation

/// Names and values as forms and queries write them (WHATWG URL, section 5.1, application/x-www-form-urlencoded parsing).
enum FormText {
    /// No page of ours sends as many; a bound for those that are not ours.
    private static let mostFields = 200

    /// The last value of each name. What is not UTF-8 is empty.
    static func fields(_ text: some StringProtocol) -> [String: String] {
        Dictionary(pairs(text), uniquingKeysWith: { $1 })
    }

    /// All names and values in order.
    static func pairs(_ text: some StringProtocol) -> [(name: String, value: String)] {
        text.split(separator: "&").prefix(mostFields).map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let texts = parts.map { String($0).replacing("+", with: " ").removingPercentEncoding ?? "" }
            return (texts[0], texts.count > 1 ? texts[1] : "")
        }
    }

    /// A text as a value of a query.
    static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte.isURIUnreserved { bytes.append(byte) } else { bytes.appendPercentEscape(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
