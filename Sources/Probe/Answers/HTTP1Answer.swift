/// The bytes of an HTTP/1 connection on which one request was sent (RFC 9112), as far as its answer's head.
enum HTTP1Answer {
    private static let start = Array("HTTP/1.".utf8)
    private static let newline = UInt8(ascii: "\n")
    private static let switchingProtocols = 101

    static func progress(of bytes: [UInt8]) -> HTTPAnswer.Progress {
        var rest = bytes[...]
        while true {
            // What does not begin so will never be an answer, however long one waits for its end.
            guard zip(rest, start).allSatisfy({ $0 == $1 }) else { return .refused }
            guard let head = head(&rest) else { return .incomplete }
            guard let answer = answer(head) else { return .refused }
            // 1xx come before the answer (RFC 9110, section 15.2), but for the one after which no HTTP/1 comes.
            if answer.status < 200, answer.status != switchingProtocols { continue }
            return .complete(answer)
        }
    }

    /// Takes a head's lines off, as far as the empty one; nil when it has not come. A line may end without a carriage return
    /// (RFC 9112, section 2.2).
    private static func head(_ bytes: inout ArraySlice<UInt8>) -> [String]? {
        var lines: [String] = []
        var rest = bytes
        while let end = rest.firstIndex(of: newline) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            let text = String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
            if text.isEmpty {
                bytes = rest
                return lines
            }
            lines.append(text)
        }
        return nil
    }

    private static func answer(_ lines: [String]) -> HTTPAnswer? {
        guard let words = lines.first?.split(separator: " "), words.count >= 2, words[1].utf8.count == 3,
            let status = Int(words[1]), status >= 100
        else { return nil }
        return HTTPAnswer(status: status, location: lines.lazy.dropFirst().compactMap(location).first)
    }

    private static func location(in line: String) -> String? {
        guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == "location" else { return nil }
        return String(line[line.index(after: colon)...])
    }
}
