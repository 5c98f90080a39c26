/// The head of an answer, as far as a probe needs it.
struct HTTPAnswer {
    let status: Int
    let location: String?

    /// The end of a head.
    private static let emptyLine = Array("\r\n\r\n".utf8)

    static func isComplete(_ bytes: [UInt8]) -> Bool {
        bytes.count >= emptyLine.count
            && bytes.indices.dropLast(emptyLine.count - 1).contains { bytes[$0...].starts(with: emptyLine) }
    }

    init(status: Int, location: String?) {
        self.status = status
        self.location = location
    }

    /// nil when the bytes do not begin with an HTTP/1 status line.
    init?(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n")).map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
        guard let first = lines.first, first.hasPrefix("HTTP/1.") else { return nil }
        let words = first.split(separator: " ")
        guard words.count >= 2, words[1].utf8.count == 3, let status = Int(words[1]), status >= 100 else { return nil }
        self.status = status
        location = lines.lazy.dropFirst().prefix { !$0.isEmpty }.compactMap(Self.location).first
    }

    private static func location(in line: String) -> String? {
        guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "location" else { return nil }
        return String(line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
    }
}
