import Foundation
import NIOCore

/// A form with a file, as browsers send it (RFC 7578). Read strictly: no browser sends anything else than what is taken here.
struct MultipartForm {
    struct Part {
        /// The name of a file on its sender's disk; nil for a field that is none, empty when no file was chosen.
        let fileName: String?
        let content: ByteBufferView
    }

    /// Why it can't be read.
    struct Fault: Error {
        let message: String
    }

    let parts: [String: Part]

    /// No page of ours sends as many.
    private static let mostParts = 20
    private static let maximumHeadBytes = 4 << 10
    private static let lineEnd = Array("\r\n".utf8)

    /// The text between the parts, out of the request's `Content-Type`; nil when it has none that there can be (RFC 2046,
    /// section 5.1.1).
    static func boundary(in contentType: String?) -> String? {
        let pieces = (contentType ?? "").split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        guard pieces.first?.lowercased() == "multipart/form-data" else { return nil }
        let values = pieces.dropFirst().compactMap { piece -> String? in
            let pair = piece.split(separator: "=", maxSplits: 1).map(String.init)
            return pair.count == 2 && pair[0].lowercased() == "boundary" ? pair[1] : nil
        }
        guard values.count == 1, var value = values.first else { return nil }
        if value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") { value = String(value.dropFirst().dropLast()) }
        let isPlain = value.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                true
            default: "'()+_,-./:=?".utf8.contains(byte)
            }
        }
        return isPlain && (1...70).contains(value.utf8.count) ? value : nil
    }

    init(_ body: ByteBufferView, boundary: String) throws(Fault) {
        let delimiter = Self.lineEnd + Array("--\(boundary)".utf8)
        var parts: [String: Part] = [:]
        var rest = body
        guard rest.starts(with: delimiter.dropFirst(2)) else { throw Fault(message: "it does not begin with its boundary") }
        rest = rest.dropFirst(delimiter.count - 2)
        while !rest.elementsEqual("--".utf8), !rest.elementsEqual("--\r\n".utf8) {
            guard rest.starts(with: Self.lineEnd) else { throw Fault(message: "something follows a boundary") }
            guard parts.count < Self.mostParts else { throw Fault(message: "it has more than \(Self.mostParts) fields") }
            rest = rest.dropFirst(2)
            let head = try Self.takeHead(from: &rest)
            guard let end = Self.firstPlace(of: delimiter, in: rest) else {
                throw Fault(message: "the field \(head.name) does not end")
            }
            let part = Part(fileName: head.fileName, content: rest[rest.startIndex..<end])
            guard parts.updateValue(part, forKey: head.name) == nil else {
                throw Fault(message: "the field \(head.name) is there twice")
            }
            rest = rest[end...].dropFirst(delimiter.count)
        }
        self.parts = parts
    }

    /// The lines above a part's content, the empty one included.
    private static func takeHead(from rest: inout ByteBufferView) throws(Fault) -> (name: String, fileName: String?) {
        // The line end before the head may be that of the boundary, when there are no lines at all.
        let end = Array("\r\n\r\n".utf8)
        guard let place = firstPlace(of: end, in: rest.prefix(maximumHeadBytes)) else {
            throw Fault(message: "the lines above a field have no end, or more than \(maximumHeadBytes) bytes")
        }
        let head = rest[rest.startIndex..<place]
        rest = rest[place...].dropFirst(end.count)
        guard let text = String(validating: head, as: UTF8.self) else {
            throw Fault(message: "the lines above a field are not UTF-8")
        }
        var disposition: String?
        for line in text.components(separatedBy: "\r\n") {
            let pair = line.split(separator: ":", maxSplits: 1)
            guard pair.count == 2 else { throw Fault(message: "a line above a field has no colon") }
            guard pair[0].lowercased() == "content-disposition" else { continue }
            guard disposition == nil else { throw Fault(message: "a field is named twice") }
            disposition = pair[1].trimmingCharacters(in: .whitespaces)
        }
        guard let disposition else { throw Fault(message: "a field has no name") }
        return try names(in: disposition)
    }

    /// Reads `form-data; name="…"; filename="…"`. In a name browsers write %22, %0D and %0A for what can't stand there (HTML
    /// Standard, section 4.10.21.8).
    private static func names(in disposition: String) throws(Fault) -> (name: String, fileName: String?) {
        let fault = Fault(message: "a field is not named as form-data; name=\"…\"")
        var rest = disposition[...]
        guard rest.prefix(9).lowercased() == "form-data" else { throw fault }
        rest = rest.dropFirst(9)
        var names: [String: String] = [:]
        while !rest.isEmpty {
            guard rest.hasPrefix(";") else { throw fault }
            rest = rest.dropFirst().drop { $0 == " " }
            guard let equals = rest.firstIndex(of: "=") else { throw fault }
            let key = rest[..<equals].lowercased()
            rest = rest[equals...].dropFirst()
            guard rest.hasPrefix("\""), let close = rest.dropFirst().firstIndex(of: "\"") else { throw fault }
            let value = rest.dropFirst()[..<close]
            rest = rest[close...].dropFirst()
            guard names.updateValue(unescaped(value), forKey: key) == nil else { throw fault }
        }
        guard let name = names["name"], !name.isEmpty else { throw fault }
        return (name, names["filename"])
    }

    private static func unescaped(_ text: Substring) -> String {
        [("%22", "\""), ("%0D", "\r"), ("%0A", "\n")].reduce(String(text)) { $0.replacing($1.0, with: $1.1) }
    }

    /// Looks for the first byte with the system's own search, so that a large file costs little.
    private static func firstPlace(of wanted: [UInt8], in bytes: ByteBufferView) -> Int? {
        var rest = bytes
        while let place = rest.firstIndex(of: wanted[0]) {
            rest = rest[place...]
            if rest.starts(with: wanted) { return place }
            rest = rest.dropFirst()
        }
        return nil
    }
}
