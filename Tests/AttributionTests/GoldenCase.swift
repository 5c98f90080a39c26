import Attribution
import Foundation

/// One case of a `.case` file: a request, and what is expected of its decision.
///
///     An ID in the query is attributed
///     at: 2016-10-03T08:00:00Z
///     > GET /enterprisetry.html?Partner=1234567 HTTP/1.1
///     > Host: gateway.example.com
///     ----
///     status: 302
///     location: https://signup.example.com/Signup?msppid=1234567
///     outcome: attributed
///     reason: -
///
/// Cases are separated by a line of `=`; lines that begin with `#` are comments. Lines with `>` are the request; `>>` lines are its
/// body, joined without line ends. `\xE9` stands for a byte, `\\` for a backslash, and `{Ax300}` for 300 times `A`, in requests and
/// in expectations. `tls: 1.2` and `scheme: http` set the connection; the default is TLS 1.3.
///
/// Below the dashes stand fields of the record (lists joined by spaces) and, beside them, `location` and `status` of the answer,
/// `allow`, `record` (`yes` or `none`), `visit` and `listed` (`yes` or `no`), `page` (the culture that the URL names for the error page) and `own` (the
/// service's own path). A field that must be absent is `-`.
struct GoldenCase: Sendable, CustomStringConvertible {
    let file: String
    let line: Int
    let title: String
    let request: SignupRequest
    let time: Timestamp
    let expected: [(field: String, value: String)]

    var description: String { "\(file):\(line): \(title)" }

    struct Mistake: Error, CustomStringConvertible {
        let description: String
    }

    static let defaultTime = Timestamp(rfc3339: "2016-10-03T08:09:10.123456Z")!

    static func all(in folder: URL) throws -> [GoldenCase] {
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "case" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
        return try files.flatMap { file in
            try cases(in: String(contentsOf: file, encoding: .utf8), file: file.lastPathComponent)
        }
    }

    private static func cases(in text: String, file: String) throws -> [GoldenCase] {
        var cases: [GoldenCase] = []
        var lines: [String] = []
        var start = 1
        for (index, line) in (text.components(separatedBy: "\n") + ["===="]).enumerated() {
            if line.hasPrefix("====") {
                if lines.contains(where: { !$0.isEmpty }) { cases.append(try GoldenCase(lines, file: file, line: start)) }
                lines = []
                start = index + 2
            } else {
                lines.append(line)
            }
        }
        return cases
    }

    /// What a case may expect beside the record's fields.
    private static let answerFields = ["status", "location", "allow", "record", "visit", "listed", "page", "own"]
    private static let knownFields = Set(answerFields + RecordField.allCases.map(\.rawValue))

    private init(_ lines: [String], file: String, line: Int) throws {
        self.file = file
        self.line = line + lines.prefix { $0.isEmpty }.count
        let content = lines.filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard let separator = content.firstIndex(where: { $0.hasPrefix("----") }), separator > 0 else {
            throw Mistake(description: "\(file):\(line): a case has a title, a request, a line of dashes and expectations")
        }
        func mistake(_ what: String) -> Mistake { Mistake(description: "\(file):\(line): \(what)") }
        title = content[0]
        var options: [String: String] = [:]
        var requestLines: [[UInt8]] = []
        var body: [UInt8]?
        for text in content[1..<separator] {
            if text.hasPrefix(">>") {
                body = (body ?? []) + Self.bytes(String(text.dropFirst(3)))
            } else if text.hasPrefix("> ") {
                requestLines.append(Self.bytes(String(text.dropFirst(2))))
            } else {
                let (key, value) = Self.pair(text)
                guard ["at", "scheme", "tls"].contains(key) else { throw mistake("unknown option \(key)") }
                options[key] = value
            }
        }
        time =
            try options["at"].map { text in
                guard let time = Timestamp(rfc3339: text) else { throw mistake("at: \(text)") }
                return time
            } ?? Self.defaultTime
        let scheme = SignupRequest.Scheme(rawValue: options["scheme"] ?? "https")!
        request = SignupRequest(
            head: try Self.head(requestLines, at: "\(file):\(line)"),
            body: body,
            scheme: scheme,
            tlsVersion: scheme == .http ? nil : SignupRequest.TLSVersion(rawValue: options["tls"] ?? "1.3")!,
            visitor: VisitorAddress(network: [], recorded: "192.0.2.0"))
        expected = content[(separator + 1)...].map { line in
            let (field, value) = Self.pair(line)
            return (field, String(decoding: Self.bytes(value), as: UTF8.self))
        }
        // A misspelt field would be absent in every decision.
        if let unknown = expected.first(where: { !Self.knownFields.contains($0.field) }) {
            throw mistake("unknown field \(unknown.field)")
        }
        if expected.isEmpty { throw mistake("nothing is expected") }
    }

    private static func pair(_ line: String) -> (field: String, value: String) {
        guard let colon = line.firstIndex(of: ":") else { return (line, "") }
        let value = line[line.index(after: colon)...]
        return (String(line[..<colon]), String(value.hasPrefix(" ") ? value.dropFirst() : value))
    }

    private static func head(_ lines: [[UInt8]], at place: String) throws -> RequestHead {
        guard let requestLine = lines.first,
            let first = requestLine.firstIndex(of: UInt8(ascii: " ")), let last = requestLine.lastIndex(of: UInt8(ascii: " ")),
            first < last
        else { throw Mistake(description: "\(place): a request line is METHOD TARGET HTTP/1.1") }
        let versions: [String: RequestHead.Version] = ["HTTP/1.0": .http10, "HTTP/1.1": .http11, "HTTP/2": .http2]
        guard let version = versions[String(decoding: requestLine[(last + 1)...], as: UTF8.self)] else {
            throw Mistake(description: "\(place): the version is none of \(versions.keys.sorted())")
        }
        var head = RequestHead(
            bytes: requestLine, method: 0..<first, target: (first + 1)..<last, version: version)
        for line in lines.dropFirst() {
            let name = line.prefix { $0 != UInt8(ascii: ":") }
            head.appendField(name: name, value: line[name.endIndex...].dropFirst().drop { $0 == UInt8(ascii: " ") })
        }
        return head
    }

    /// Text with `\xE9` for bytes, `\\` for a backslash, and `{Ax300}` for repetitions.
    static func bytes(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"),
                let value = UInt8(String(decoding: rest.dropFirst().prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "\\") {
                bytes.append(byte)
                rest = rest.dropFirst()
            } else if byte == UInt8(ascii: "{"), let (repeated, length) = repetition(rest) {
                bytes += repeated
                rest = rest.dropFirst(length)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    /// `Ax300}`: the bytes it stands for, and its own length.
    private static func repetition(_ rest: ArraySlice<UInt8>) -> ([UInt8], length: Int)? {
        guard let close = rest.firstIndex(of: UInt8(ascii: "}")) else { return nil }
        let inside = rest[..<close]
        guard let x = inside.lastIndex(of: UInt8(ascii: "x")), x > inside.startIndex,
            let count = Int(String(decoding: inside[(x + 1)...], as: UTF8.self))
        else { return nil }
        return (Array(repeatElement(inside[..<x], count: count).joined()), inside.count + 1)
    }
}
