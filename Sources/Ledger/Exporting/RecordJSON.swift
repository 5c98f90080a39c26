package import Attribution

/// A record as a JSON object on one line: the fields it has, in the order of the contract, absent ones left out.
package enum RecordJSON {
    /// - Parameter fields: those that may be told.
    package static func append(
        _ record: Attribution.Record, _ fields: [RecordField] = RecordField.allCases, to json: inout [UInt8]
    ) {
        var separator = UInt8(ascii: "{")
        for field in fields {
            guard let value = record[field] else { continue }
            json.append(separator)
            separator = UInt8(ascii: ",")
            JSONString.append(field.rawValue, to: &json)
            json.append(UInt8(ascii: ":"))
            switch value {
            case .text(let text): JSONString.append(text, to: &json)
            case .number(let number): json += String(number).utf8
            case .list(let list): append(list, to: &json)
            }
        }
        if separator == UInt8(ascii: "{") { json.append(separator) }
        json.append(UInt8(ascii: "}"))
    }

    /// Records as an array.
    package static func append(_ records: [Attribution.Record], to json: inout [UInt8]) {
        appendArray(of: records, to: &json) { append($0, to: &$1) }
    }

    private static func append(_ list: [String], to json: inout [UInt8]) {
        appendArray(of: list, to: &json) { JSONString.append($0, to: &$1) }
    }

    private static func appendArray<Element>(
        of elements: [Element], to json: inout [UInt8], _ append: (Element, inout [UInt8]) -> Void
    ) {
        json.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { json.append(UInt8(ascii: ",")) }
            append(element, &json)
        }
        json.append(UInt8(ascii: "]"))
    }
}

/// Strings of JSON (RFC 8259, section 7).
package enum JSONString {
    package static func append(_ text: String, to json: inout [UInt8]) {
        json.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): json += [UInt8(ascii: "\\"), byte]
            // DEL is allowed as it is, yet would reach terminals.
            case ..<0x20, 0x7F:
                json += "\\u00".utf8
                json.appendHex([byte])
            default: json.append(byte)
            }
        }
        json.append(UInt8(ascii: "\""))
    }
}
