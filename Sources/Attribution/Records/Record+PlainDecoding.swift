/// The short way to read a record: nearly all are written plainly, without escapes and beyond ASCII nothing, names in their order.
extension Record {
    /// A name that may come, as bytes, and its field; nil: the record does not show it.
    private struct Name {
        let bytes: [UInt8]
        let field: RecordField?
    }

    private static let leafNames = names(
        RecordField.allCases.filter { !$0.isPersonal }.map { ($0.rawValue, $0) } + [("personal", nil), ("v", nil)])
    private static let personalNames = names(RecordField.allCases.filter(\.isPersonal).map { ($0.rawValue, $0) })

    /// In the order of canonical JSON.
    private static func names(_ names: [(String, RecordField?)]) -> [Name] {
        names.map { Name(bytes: Array($0.utf8), field: $1) }.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }

    /// - Returns: false when the object is not plain, or none; then some of its fields may have been read.
    mutating func readPlain(_ json: [UInt8], isLeaf: Bool) -> Bool {
        json.withUnsafeBytes { json in
            var text = PlainJSON(json)
            guard text.take(UInt8(ascii: "{")) else { return false }
            let names = isLeaf ? Self.leafNames : Self.personalNames
            var next = 0
            repeat {
                guard let name = text.string(), text.take(UInt8(ascii: ":")), let value = text.value() else { return false }
                while next < names.count, !name.elementsEqual(names[next].bytes) { next += 1 }
                guard next < names.count else { return false }
                if let field = names[next].field { self[field] = value }
                next += 1
            } while text.take(UInt8(ascii: ","))
            return text.take(UInt8(ascii: "}")) && text.isAtEnd
        }
    }
}

/// Goes through JSON that has no escapes, no white space, and nothing beyond ASCII; whatever else comes is nil.
private struct PlainJSON {
    private let json: UnsafeRawBufferPointer
    private var place = 0

    /// Of a number that is an `Int64`.
    private static let mostDigits = 18

    init(_ json: UnsafeRawBufferPointer) { self.json = json }

    var isAtEnd: Bool { place == json.count }

    mutating func take(_ byte: UInt8) -> Bool {
        guard place < json.count, json[place] == byte else { return false }
        place += 1
        return true
    }

    /// What stands between two quotation marks.
    mutating func string() -> UnsafeRawBufferPointer? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = place
        while place < json.count {
            let byte = json[place]
            if byte == UInt8(ascii: "\"") {
                defer { place += 1 }
                return UnsafeRawBufferPointer(rebasing: json[start..<place])
            }
            guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else { return nil }
            place += 1
        }
        return nil
    }

    mutating func value() -> Record.Value? {
        guard place < json.count else { return nil }
        switch json[place] {
        case UInt8(ascii: "\""): return string().map { .text(String(decoding: $0, as: UTF8.self)) }
        case UInt8(ascii: "["): return list().map { .list($0) }
        default: return number().map { .number($0) }
        }
    }

    private mutating func list() -> [String]? {
        place += 1
        var values: [String] = []
        repeat {
            guard let value = string() else { return nil }
            values.append(String(decoding: value, as: UTF8.self))
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]")) ? values : nil
    }

    private mutating func number() -> Int64? {
        let start = place
        var number: Int64 = 0
        while place < json.count, json[place].isASCIIDigit, place - start < Self.mostDigits {
            number = number * 10 + Int64(json[place] - UInt8(ascii: "0"))
            place += 1
        }
        return place > start ? number : nil
    }
}
