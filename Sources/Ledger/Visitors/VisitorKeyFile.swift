internal import Attribution
import Foundation

/// `data/visitor.key`: three lines of text, readable by the owner only, never part of a backup.
struct VisitorKeyFile {
    static let name = "visitor.key"

    let path: String

    init(folder: String) {
        path = folder + "/" + Self.name
    }

    /// nil when there is none yet.
    func read() throws(LedgerError) -> VisitorKey? {
        guard fileExists(path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .storage(file: path, reason: "the visitor key cannot be read")
        }
        var values: [Substring: Substring] = [:]
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        guard let day = values["day"].flatMap({ CalendarDay(String($0)) }),
            let first = values["first-seq"].flatMap({ Int64($0) }),
            let secret = values["key"].flatMap({ bytes(hex: $0) }), secret.count == VisitorKey.byteCount
        else { throw .visitorKeyUnreadable(file: path) }
        return VisitorKey(day: day, firstSequence: first, secret: secret)
    }

    func write(_ key: VisitorKey) throws(LedgerError) {
        var text = Array("day \(key.day)\nfirst-seq \(key.firstSequence)\nkey ".utf8)
        text.appendHex(key.secret)
        text.append(0x0A)
        try DurableFile.replace(path, with: text)
    }
}

/// nil for an odd number of digits, or anything but hexadecimal digits.
func bytes(hex: some StringProtocol) -> [UInt8]? {
    let digits = hex.utf8.map(\.hexValue)
    guard digits.count % 2 == 0, !digits.contains(nil) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0]! << 4 | digits[$0 + 1]! }
}
