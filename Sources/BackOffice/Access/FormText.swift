import Attribution
import Foundation
import Office

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
            let texts = decoded(pair)
            return (texts[0] ?? "", texts.count > 1 ? texts[1] ?? "" : "")
        }
    }

    /// The name, and the value if there is one; nil for what is not UTF-8.
    private static func decoded(_ pair: some StringProtocol) -> [String?] {
        pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            .map { String($0).replacing("+", with: " ").removingPercentEncoding }
    }

    /// What is wrong with a query that may have some parameters, each once but for some; nil when nothing is.
    static func mistake(in text: some StringProtocol, known: [String], repeated: [String] = []) -> String? {
        let pairs = text.split(separator: "&")
        guard pairs.count <= mostFields else { return "the query has more than \(mostFields) parameters" }
        var seen: Set<String> = []
        for pair in pairs {
            let texts = decoded(pair)
            guard let name = texts[0], texts.allSatisfy({ $0 != nil }) else {
                return "\(PartnerText.quoted(String(pair))) is not UTF-8, percent-encoded"
            }
            guard known.contains(name) else {
                return "there is no parameter \(PartnerText.quoted(name)) here, expected \(known.joined(separator: ", "))"
            }
            guard seen.insert(name).inserted || repeated.contains(name) else { return "\(name) is given more than once" }
        }
        return nil
    }

    /// Names and values as a query.
    static func query(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { "\($0.name)=\(escaped($0.value))" }.joined(separator: "&")
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
