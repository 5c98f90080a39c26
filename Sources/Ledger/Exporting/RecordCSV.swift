package import Attribution

/// Records as CSV (RFC 4180): a header, one line each, lines end with CRLF, columns in the order of the contract.
package enum RecordCSV {
    package static func appendHeader(to csv: inout [UInt8]) {
        CSVText.append(RecordField.allCases.map(\.rawValue), to: &csv)
    }

    package static func append(_ record: Attribution.Record, to csv: inout [UInt8]) {
        let values = RecordField.allCases.map { field in
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
    /// What makes a spreadsheet take a value for a formula when it comes first (OWASP, "CSV Injection").
    private static let formulaStarts: Set<UInt8> = Set("=+-@\t\r".utf8)
    private static let needsQuotes: Set<UInt8> = Set("\",\r\n".utf8)

    /// Appends one line. A value that would be run as a formula gets an apostrophe in front, which spreadsheets don't show.
    package static func append(_ values: [String], to csv: inout [UInt8]) {
        for (index, value) in values.enumerated() {
            if index > 0 { csv.append(UInt8(ascii: ",")) }
            let isFormula = value.utf8.first.map(formulaStarts.contains) ?? false
            append((isFormula ? "'" : "") + value, to: &csv)
        }
        csv += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
    }

    private static func append(_ value: String, to csv: inout [UInt8]) {
        guard value.utf8.contains(where: needsQuotes.contains) else {
            csv += value.utf8
            return
        }
        csv.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            if byte == UInt8(ascii: "\"") { csv.append(byte) }
            csv.append(byte)
        }
        csv.append(UInt8(ascii: "\""))
    }
}
