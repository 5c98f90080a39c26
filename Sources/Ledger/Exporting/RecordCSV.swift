package import Attribution

/// Records as CSV (RFC 4180): a header, one line each, lines end with CRLF, columns in the order of the contract.
package struct RecordCSV: Sendable {
    private let fields: [RecordField]

    /// - Parameter hasAdjustments: whether the ledger has any; without them their columns are left out.
    package init(hasAdjustments: Bool) {
        fields = hasAdjustments ? RecordField.allCases : RecordField.signup
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
    /// What makes a spreadsheet take a cell for a formula when it comes first (OWASP, "CSV Injection").
    private static let formulaStarts: [UInt8] = Array("=+-@".utf8)
    /// Where a cell may begin within a value: a spreadsheet that separates by semicolons or tabs, as Excel does where the comma
    /// is the decimal mark, finds no quotes at the beginning of its cell and splits at line ends, too.
    private static let otherSeparators: [UInt8] = Array(";\t\r\n".utf8)
    /// The same source also warns of values that begin with these.
    private static let suspiciousStarts: [UInt8] = Array("\t\r".utf8)
    /// What a spreadsheet may drop at the beginning of a cell: blanks, and doubled quotes as an empty text.
    private static let passedOver: [UInt8] = Array(" \"".utf8)
    private static let needsQuotes: [UInt8] = Array("\",\r\n".utf8)

    /// Appends one line. Whatever would be run as a formula, at the beginning of a value or behind another separator within it,
    /// gets an apostrophe in front.
    package static func append(_ values: [String], to csv: inout [UInt8]) {
        for (index, value) in values.enumerated() {
            if index > 0 { csv.append(UInt8(ascii: ",")) }
            append(Array(value.utf8), to: &csv)
        }
        csv += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    }

    private static func append(_ value: [UInt8], to csv: inout [UInt8]) {
        let isQuoted = value.contains(where: needsQuotes.contains)
        if isQuoted { csv.append(UInt8(ascii: "\"")) }
        if value.first.map(suspiciousStarts.contains) == true { csv.append(UInt8(ascii: "'")) }
        var mayBeginCell = true
        for (index, byte) in value.enumerated() {
            if mayBeginCell, isFormula(value[index...]) { csv.append(UInt8(ascii: "'")) }
            if byte == UInt8(ascii: "\"") { csv.append(byte) }
            csv.append(byte)
            mayBeginCell = otherSeparators.contains(byte)
        }
        if isQuoted { csv.append(UInt8(ascii: "\"")) }
    }

    private static func isFormula(_ cell: ArraySlice<UInt8>) -> Bool {
        cell.first { !passedOver.contains($0) }.map(formulaStarts.contains) ?? false
    }
}
