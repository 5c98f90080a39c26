internal import Attribution

/// Records from the ledger straight to CSV: a text for each field would take most of an export's time.
extension RecordCSV {
    /// Appends a record as it is stored.
    ///
    /// - Returns: false, and nothing is appended, when the record is damaged.
    package func append(_ stored: StoredRecord, to csv: inout [UInt8]) -> Bool {
        if appendPlain(stored, to: &csv) { return true }
        guard let record = stored.record else { return false }
        append(record, to: &csv)
        return true
    }

    /// Appends a record whose JSON is plain: as nearly all are.
    private func appendPlain(_ stored: StoredRecord, to csv: inout [UInt8]) -> Bool {
        var cells = [Cell](repeating: Cell(), count: RecordField.allCases.count)
        guard stored.leaf.withUnsafeBytes({ Self.find($0, Self.leafNames, in: .leaf, &cells) }) else { return false }
        if let personal = stored.personal {
            guard personal.withUnsafeBytes({ Self.find($0, Self.personalNames, in: .personal, &cells) }) else { return false }
        }
        stored.leaf.withUnsafeBytes { leaf in
            (stored.personal ?? []).withUnsafeBytes { personal in
                for (place, field) in fields.enumerated() {
                    if place > 0 { csv.append(UInt8(ascii: ",")) }
                    let cell = cells[field.ordinal]
                    guard cell.kind != .none else { continue }
                    let json = cell.kind == .leaf ? leaf : personal
                    let value = UnsafeRawBufferPointer(rebasing: json[cell.start..<cell.end])
                    if value.first == UInt8(ascii: "["), json[cell.start - 1] == UInt8(ascii: ":") {
                        Self.append(list: value, to: &csv)
                    } else {
                        CSVText.append(value, to: &csv)
                    }
                }
            }
        }
        csv += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
        return true
    }

    /// Where a field's value lies.
    private struct Cell {
        enum Kind { case none, leaf, personal }
        var kind = Kind.none
        var start = 0
        var end = 0
    }

    /// A name of a member, and the field's column; nil: no column shows it.
    private struct Name {
        let bytes: [UInt8]
        let column: Int?
    }

    private static let leafNames = names { !$0.isPersonal } + [Name(bytes: Array("v".utf8), column: nil)]
    private static let personalNames = names(\.isPersonal)

    /// In the order in which canonical JSON has them, but for `v`, which is the last one there, too.
    private static func names(_ isWanted: (RecordField) -> Bool) -> [Name] {
        var names = zip(RecordField.allCases, 0...).filter { isWanted($0.0) }.map {
            Name(bytes: Array($0.0.rawValue.utf8), column: $0.1)
        }
        if isWanted(.sequence) { names.append(Name(bytes: Array("personal".utf8), column: nil)) }
        return names.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }

    /// Finds the values of one of the two objects.
    ///
    /// - Returns: false when it is not plain: it has a member that is not known or not in its place, or a value that is not
    ///   written in CSV as in JSON.
    private static func find(
        _ json: UnsafeRawBufferPointer, _ names: [Name], in kind: Cell.Kind, _ cells: inout [Cell]
    ) -> Bool {
        guard json.first == UInt8(ascii: "{"), json.last == UInt8(ascii: "}") else { return false }
        guard json.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else { return false }
        var members = LeafMembers(json)
        var next = 0
        var end = 1
        while let member = members.next() {
            let name = json[member.name]
            while next < names.count, !name.elementsEqual(names[next].bytes) { next += 1 }
            guard next < names.count else { return false }
            if let column = names[next].column {
                cells[column] = Cell(kind: kind, start: member.value.lowerBound, end: member.value.upperBound)
            }
            guard isPlain(json, member.value) else { return false }
            next += 1
            end = members.place
        }
        return end == json.count - 1
    }

    /// Whether a value is a text, a whole number or a list of texts.
    private static func isPlain(_ json: UnsafeRawBufferPointer, _ value: Range<Int>) -> Bool {
        if json[value.lowerBound - 1] == UInt8(ascii: "\"") { return true }
        if json[value.lowerBound] == UInt8(ascii: "[") { return value.count > 3 }
        let isWhole = !value.isEmpty && value.count < 19 && json[value].allSatisfy(\.isASCIIDigit)
        return isWhole && (json[value.lowerBound] != UInt8(ascii: "0") || value.count == 1)
    }

    /// The texts of a list, joined by spaces.
    private static func append(list: UnsafeRawBufferPointer, to csv: inout [UInt8]) {
        var joined: [UInt8] = []
        var isWithin = false
        for byte in list {
            if byte == UInt8(ascii: "\"") {
                isWithin.toggle()
                if isWithin, !joined.isEmpty { joined.append(UInt8(ascii: " ")) }
            } else if isWithin {
                joined.append(byte)
            }
        }
        joined.withUnsafeBytes { CSVText.append($0, to: &csv) }
    }
}
