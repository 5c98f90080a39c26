extension [UInt8] {
    /// Appends a record's fields, and more, as one object with sorted names (RFC 8785, section 3.2.3: by UTF-16 units, which for
    /// ASCII are its bytes).
    mutating func appendCanonicalJSON(_ record: Record, extra: [(name: String, value: Record.Value)] = []) {
        var members = RecordField.allCases.compactMap { field in record[field].map { (name: field.rawValue, value: $0) } }
        members += extra
        members.sort { $0.name < $1.name }
        append(UInt8(ascii: "{"))
        for (index, member) in members.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            appendJSONString(member.name)
            append(UInt8(ascii: ":"))
            switch member.value {
            case .text(let text): appendJSONString(text)
            case .number(let number): self += String(number).utf8
            case .list(let texts):
                append(UInt8(ascii: "["))
                for (place, text) in texts.enumerated() {
                    if place > 0 { append(UInt8(ascii: ",")) }
                    appendJSONString(text)
                }
                append(UInt8(ascii: "]"))
            }
        }
        append(UInt8(ascii: "}"))
    }

    /// Appends a leaf: the record's fields, `personal` and `v`.
    ///
    /// - Parameter personal: SHA-256 of salt and personal JSON, 32 bytes.
    mutating func appendLeafJSON(_ leaf: Record, personal: UnsafeRawBufferPointer) {
        var hash: [UInt8] = []
        hash.appendHex(personal)
        appendCanonicalJSON(
            leaf,
            extra: [("personal", .text(String(decoding: hash, as: UTF8.self))), ("v", .number(Int64(RecordDraft.leafVersion)))])
    }
}
