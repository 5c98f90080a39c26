/// Splits CSV bytes into rows, one at a time (RFC 4180). Lines end with LF, CRLF or CR; a quoted field may span lines.
package struct CSVReader {
    package struct Row {
        /// The line that the row begins on, from 1.
        package let line: Int
        package var fields: [ArraySlice<UInt8>] = []
        /// What is wrong with the row's quoting, and what is expected. The fields are then incomplete.
        package var fault: PartnerFault?

        /// A line of nothing but separators and white space, as spreadsheets leave below their tables.
        package var isBlank: Bool {
            fault == nil && fields.allSatisfy(Self.isBlank)
        }

        /// Takes off blank fields at the end, down to `count`: a spreadsheet writes them for every column that was ever touched.
        package mutating func dropBlankEnd(beyond count: Int) {
            while fields.count > count, let last = fields.last, Self.isBlank(last) { fields.removeLast() }
        }

        private static func isBlank(_ field: ArraySlice<UInt8>) -> Bool {
            field.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        }
    }

    private enum FieldEnd { case separator, row }

    private let bytes: ArraySlice<UInt8>
    private let separator: UInt8
    private var index: Int
    private var line = 1

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    package init(_ bytes: ArraySlice<UInt8>, separator: UInt8) {
        self.bytes = bytes
        self.separator = separator
        index = bytes.startIndex
    }

    /// The next row, blank ones included; nil at the end.
    package mutating func next() -> Row? {
        guard index < bytes.endIndex else { return nil }
        var row = Row(line: line)
        while true {
            let isQuoted = index < bytes.endIndex && bytes[index] == Self.quote
            if isQuoted { readQuotedField(into: &row) } else { readPlainField(into: &row) }
            if row.fault != nil { skipToLineEnd() }
            if takeFieldEnd() == .row { return row }
        }
    }

    private mutating func readPlainField(into row: inout Row) {
        let start = index
        while index < bytes.endIndex, !isFieldEnd(bytes[index]) {
            if bytes[index] == Self.quote, row.fault == nil {
                row.fault = PartnerFault(
                    message: "a quote stands inside a field without quotes, "
                        + "expected the whole field in quotes and each \" doubled",
                    Mistake(.quoteInside))
            }
            index += 1
        }
        row.fields.append(bytes[start..<index])
    }

    private mutating func readQuotedField(into row: inout Row) {
        let openedOnLine = line
        index += 1
        var segmentStart = index
        var unescaped: [UInt8] = []
        while index < bytes.endIndex {
            if bytes[index] == Self.quote {
                guard index + 1 < bytes.endIndex, bytes[index + 1] == Self.quote else {
                    let segment = bytes[segmentStart..<index]
                    row.fields.append(unescaped.isEmpty ? segment : (unescaped + segment)[...])
                    index += 1
                    if index < bytes.endIndex, !isFieldEnd(bytes[index]) {
                        row.fault = PartnerFault(
                            message: "text follows a closing quote, expected a separator or the line's end",
                            Mistake(.textAfterQuote))
                    }
                    return
                }
                unescaped += bytes[segmentStart...index]
                index += 2
                segmentStart = index
            } else {
                advanceCountingLines()
            }
        }
        row.fault = PartnerFault(
            message: "the quote opened on line \(openedOnLine) is never closed, expected a closing quote",
            Mistake(.openQuote, "\(openedOnLine)"))
    }

    private mutating func advanceCountingLines() {
        let byte = bytes[index]
        index += 1
        let endsLine =
            byte == Self.lineFeed
            || byte == Self.carriageReturn && !(index < bytes.endIndex && bytes[index] == Self.lineFeed)
        if endsLine { line += 1 }
    }

    private func isFieldEnd(_ byte: UInt8) -> Bool {
        byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn
    }

    /// After a mistake in quoting the rest of the line can't be trusted, but the next line can be read.
    private mutating func skipToLineEnd() {
        while index < bytes.endIndex, bytes[index] != Self.lineFeed, bytes[index] != Self.carriageReturn { index += 1 }
    }

    private mutating func takeFieldEnd() -> FieldEnd {
        guard index < bytes.endIndex else { return .row }
        let byte = bytes[index]
        if byte == separator {
            index += 1
            return .separator
        }
        index += 1
        if byte == Self.carriageReturn, index < bytes.endIndex, bytes[index] == Self.lineFeed { index += 1 }
        line += 1
        return .row
    }
}
