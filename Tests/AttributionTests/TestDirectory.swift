import Attribution
import Foundation
import Testing

/// The partner directory of the golden cases and the random requests.
enum TestDirectory {
    /// What links are signed with; the first of a partner's keys is the one before.
    static let secrets: [String: [String]] = [
        "1234567": ["porterkey_of-the-tests-the-old-one", "porterkey_of-the-tests-the-new-one"],
        "4227824": ["porterkey_of-a-suspended-partner"],
        "7086220": ["porterkey_of-a-test-partner"],
    ]

    /// Reads lines of `ID status reason valid_from valid_to`, `-` for none.
    static func load(_ file: URL) throws -> PartnerDirectory {
        let text = try String(contentsOf: file, encoding: .utf8)
        var standings: [PartnerID: PartnerStanding] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ").map(String.init)
            try #require(words.count == 5, "\(line)")
            let id = try #require(PartnerID(words[0]), "\(line)")
            standings[id] = PartnerStanding(
                status: try #require(PartnerStanding.Status(rawValue: words[1]), "\(line)"),
                statusReason: try optional(words[2], PartnerStanding.StatusReason.init(rawValue:)),
                validFrom: try optional(words[3]) { CalendarDay($0) },
                validTo: try optional(words[4]) { CalendarDay($0) })
        }
        var keys: [PartnerID: [LinkKey]] = [:]
        for (id, secrets) in secrets { keys[try #require(PartnerID(id))] = secrets.map { LinkKey(secret: $0) } }
        return PartnerDirectory(version: 7, standings: standings, linkKeys: keys)
    }

    private static func optional<Value>(_ word: String, _ read: (String) -> Value?) throws -> Value? {
        word == "-" ? nil : try #require(read(word), "\(word)")
    }
}
