import Foundation

/// A message as its reader's program has it: read by the rules of the RFCs, and by nothing of ours.
struct ReadMessage {
    let headers: [(name: String, value: String)]
    /// By their types.
    let parts: [String: String]
    let rawLines: [String]

    struct Malformed: Error {
        let what: String
    }

    init(_ bytes: [UInt8], lineEnd: String) throws {
        guard bytes.allSatisfy({ $0 < 0x80 && $0 != 0 }) else { throw Malformed(what: "not ASCII") }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasSuffix(lineEnd) else { throw Malformed(what: "the last line does not end") }
        // By bytes: to Swift CR LF is one character, and no line feed.
        let lines = text.dropLast(lineEnd.count).components(separatedBy: lineEnd)
        guard lines.allSatisfy({ !$0.contains { $0.isNewline } }) else { throw Malformed(what: "a stray line end") }
        guard lines.allSatisfy({ $0.utf8.count <= 998 }) else { throw Malformed(what: "a line is too long") }
        rawLines = lines
        let end = lines.firstIndex(of: "") ?? lines.endIndex
        headers = try Self.headers(lines[..<end])
        let type = headers.first { $0.name == "Content-Type" }?.value ?? ""
        guard type.hasPrefix("multipart/alternative;"), let quoted = type.split(separator: "\"").dropFirst().first else {
            throw Malformed(what: "no multipart")
        }
        parts = try Self.parts(Array(lines[end...].dropFirst()), boundary: String(quoted))
    }

    /// The only field of this name; nil when there is none, or more than one.
    func header(_ name: String) -> String? {
        let found = headers.filter { $0.name == name }
        return found.count == 1 ? found[0].value : nil
    }

    private static func headers(_ lines: ArraySlice<String>) throws -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        for line in lines {
            if line.hasPrefix(" ") {
                guard !headers.isEmpty, !line.allSatisfy({ $0 == " " }) else { throw Malformed(what: "a fold of nothing") }
                headers[headers.count - 1].value += line
                continue
            }
            let name = line.prefix { $0 != ":" }
            guard !name.isEmpty, name.count < line.count, name.allSatisfy({ $0.isLetter || $0 == "-" }) else {
                throw Malformed(what: "no header: \(line)")
            }
            headers.append((String(name), line.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)))
        }
        return headers.map { ($0.name, decodingWords($0.value)) }
    }

    /// RFC 2047: white space between two encoded words is none.
    private static func decodingWords(_ value: String) -> String {
        var text = ""
        var wasEncoded = false
        for word in value.split(separator: " ") {
            if word.hasPrefix("=?UTF-8?B?"), word.hasSuffix("?="), word.utf8.count <= 75,
                let data = Data(base64Encoded: String(word.dropFirst(10).dropLast(2)))
            {
                text += (wasEncoded || text.isEmpty ? "" : " ") + String(decoding: data, as: UTF8.self)
                wasEncoded = true
            } else {
                text += (text.isEmpty ? "" : " ") + word
                wasEncoded = false
            }
        }
        return text
    }

    private static func parts(_ body: [String], boundary: String) throws -> [String: String] {
        guard body.first == "--" + boundary, body.last == "--" + boundary + "--" else { throw Malformed(what: "no boundaries") }
        var parts: [String: String] = [:]
        for part in body.dropFirst().dropLast().split(separator: "--" + boundary) {
            let lines = Array(part)
            guard let end = lines.firstIndex(of: ""), lines.last == "" else { throw Malformed(what: "no part") }
            let fields = try Self.headers(lines[..<end])
            guard let type = fields.first(where: { $0.name == "Content-Type" })?.value, type.hasSuffix("; charset=utf-8") else {
                throw Malformed(what: "a part without a type")
            }
            // The line end in front of a boundary belongs to it.
            let content = Array(lines[(end + 1)...].dropLast())
            guard content.allSatisfy({ $0.utf8.count <= 76 }) else { throw Malformed(what: "an encoded line is too long") }
            let bytes: [UInt8]
            switch fields.first(where: { $0.name == "Content-Transfer-Encoding" })?.value {
            case "base64": bytes = [UInt8](Data(base64Encoded: content.joined()) ?? Data())
            case "quoted-printable": bytes = try unquoted(content)
            default: throw Malformed(what: "another encoding")
            }
            guard let text = String(validating: bytes, as: UTF8.self) else { throw Malformed(what: "a part is not UTF-8") }
            parts[String(type.prefix { $0 != ";" })] = text.replacing("\r\n", with: "\n")
        }
        return parts
    }

    private static func unquoted(_ lines: [String]) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, line) in lines.enumerated() {
            guard line.last != " ", line.last != "\t" else { throw Malformed(what: "white space ends a line") }
            var rest = Array(line.utf8)[...]
            var goesOn = false
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "=") else {
                    bytes.append(byte)
                    continue
                }
                if rest.isEmpty {
                    goesOn = true
                } else if let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                    bytes.append(value)
                    rest = rest.dropFirst(2)
                } else {
                    throw Malformed(what: "no hexadecimal digits")
                }
            }
            if !goesOn, index < lines.count - 1 { bytes.append(UInt8(ascii: "\n")) }
        }
        return bytes
    }
}
