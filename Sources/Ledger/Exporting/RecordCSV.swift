package import Attribution

/// Records as CSV (RFC 4180): a header, one line each, lines end with CRLF, columns in the order of the contract.
package struct RecordCSV: Sendable {
    /// The columns.
    let fields: [RecordField]

    /// - Parameters:
    ///   - hasAdjustments: whether the ledger has any; without them their columns are left out.
    ///   - hasAssociations: the same of associations.
    package init(hasAdjustments: Bool, hasAssociations: Bool = false) {
        self.init(
            RecordField.allCases.filter { field in
                RecordField.signups.contains(field) || hasAdjustments && RecordField.ofAdjustments.contains(field)
                    || hasAssociations && (RecordField.ofAssociations + RecordField.association).contains(field)
            })
    }

    package init(_ fields: [RecordField]) {
        self.fields = fields
    }

    package func appendHeader(to csv: inout [UInt8]) {
        CSVText.append(fields.map(\.rawValue), to: &csv)
    }

    package func append(_ record: Attribution.Record, to csv: inout [UInt8]) {
        let values = fields.map { field in
            switch record[field] {
            case nil: ""
            case .text(let text): text
            case .number(let number): String(number)
            case .list(let list): list.joined(separator: " ")
            }
        }
        CSVText.append(values, to: &csv)
    }
}

/// Lines of CSV that a spreadsheet shows and does not run.
package enum CSVText {
    /// By which Excel knows a file for UTF-8.
    package static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Appends one line. Whatever would be run as a formula, at the beginning of a value or behind another separator within it,
    /// gets an apostrophe in front.
    ///
    /// - Parameter counts: what comes behind the values: numbers, which are none of a visitor's texts and stay numbers, also
    ///   negative ones.
    package static func append(_ values: [String], counts: [Int64] = [], to csv: inout [UInt8]) {
        for (index, value) in values.enumerated() {
            if index > 0 { csv.append(UInt8(ascii: ",")) }
            Array(value.utf8).withUnsafeBytes { append($0, to: &csv) }
        }
        for (index, count) in counts.enumerated() {
            if index > 0 || !values.isEmpty { csv.append(UInt8(ascii: ",")) }
            csv += String(count).utf8
        }
        csv += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    }

    /// Appends one cell.
    static func append(_ value: UnsafeRawBufferPointer, to csv: inout [UInt8]) {
        guard let first = value.first else { return }
        var isQuoted = false
        var hasMore = isSuspicious(first) || passesOver(first) || startsFormula(first)
        for byte in value {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\r"), UInt8(ascii: "\n"): (isQuoted, hasMore) = (true, true)
            case UInt8(ascii: ","): isQuoted = true
            case UInt8(ascii: ";"), UInt8(ascii: "\t"): hasMore = true
            default: break
            }
        }
        if isQuoted { csv.append(UInt8(ascii: "\"")) }
        if hasMore { appendDefused(value, to: &csv) } else { csv.append(contentsOf: value) }
        if isQuoted { csv.append(UInt8(ascii: "\"")) }
    }

    private static func appendDefused(_ value: UnsafeRawBufferPointer, to csv: inout [UInt8]) {
        if isSuspicious(value[0]) { csv.append(UInt8(ascii: "'")) }
        var mayBeginCell = true
        for (index, byte) in value.enumerated() {
            if mayBeginCell, isFormula(value[index...]) { csv.append(UInt8(ascii: "'")) }
            if byte == UInt8(ascii: "\"") { csv.append(byte) }
            csv.append(byte)
            mayBeginCell = separatesOtherwise(byte)
        }
    }

    private static func isFormula(_ cell: Slice<UnsafeRawBufferPointer>) -> Bool {
        cell.first { !passesOver($0) }.map(startsFormula) ?? false
    }

    /// What makes a spreadsheet take a cell for a formula when it comes first (OWASP, "CSV Injection").
    private static func startsFormula(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"): true
        default: false
        }
    }

    /// The same source also warns of values that begin with these.
    private static func isSuspicious(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") }

    /// What a spreadsheet may drop at the beginning of a cell: blanks, and doubled quotes as an empty text.
    private static func passesOver(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\"") }

    /// Where a cell may begin within a value: a spreadsheet that separates by semicolons or tabs, as Excel does where the comma
    /// is the decimal mark, finds no quotes at the beginning of its cell and splits at line ends, too.
    private static func separatesOtherwise(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
        default: false
        }
    }
}
