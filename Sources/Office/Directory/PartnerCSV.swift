package import Attribution

/// A partner CSV as read: one change per row, and all that is wrong with the file by itself.
package struct PartnerCSV: Sendable {
    package struct Row: Sendable {
        package let line: Int
        package let change: PartnerChange
    }

    package private(set) var rows: [Row] = []
    /// What is wrong, by line.
    package private(set) var problems = CSVProblems()

    /// A hundred thousand partners with every field filled take some 20 MB; the file is held in memory while it is read.
    package static let maximumFileBytes = 64 << 20
    /// Five times the directory that porter is measured with.
    package static let maximumRows = 500_000

    /// Comma as RFC 4180 has it, semicolon as Excel writes it where the comma is the decimal sign, tab as it copies cells.
    private static let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    private static let encodingHint = #"expected UTF-8; in Excel, save as "CSV UTF-8""#

    private var columns: [PartnerColumn] = []
    private var lines: [PartnerID: Int] = [:]

    package init(_ bytes: [UInt8]) {
        guard bytes.count <= Self.maximumFileBytes else {
            problems.add(
                1, "the file has \(bytes.count) bytes, expected at most \(Self.maximumFileBytes)",
                Mistake(.fileTooLarge, "\(bytes.count)", "\(Self.maximumFileBytes)"))
            return
        }
        guard !bytes.starts(with: [0xFF, 0xFE]), !bytes.starts(with: [0xFE, 0xFF]) else {
            problems.add(1, "the file is UTF-16, \(Self.encodingHint)", Mistake(.utf16))
            return
        }
        let text = bytes.starts(with: Self.byteOrderMark) ? bytes.dropFirst(Self.byteOrderMark.count) : bytes[...]
        var reader = CSVReader(text, separator: Self.separator(of: text))
        guard readHeader(from: &reader) else { return }
        readRows(from: &reader)
    }

    /// The separator under which the header names most columns.
    private static func separator(of text: ArraySlice<UInt8>) -> UInt8 {
        func knownColumns(_ separator: UInt8) -> Int {
            var reader = CSVReader(text, separator: separator)
            while let row = reader.next() {
                if !row.isBlank, !isSeparatorHint(row) { return row.fields.count { column($0) != nil } }
            }
            return 0
        }
        // Of equals the first, so that a file that names no column at all is read as commas.
        return separators.max { knownColumns($0) < knownColumns($1) } ?? separators[0]
    }

    private static func column(_ field: ArraySlice<UInt8>) -> PartnerColumn? {
        PartnerColumn(rawValue: headerText(field).lowercased())
    }

    private static func headerText(_ field: ArraySlice<UInt8>) -> String {
        PartnerText.trimmed(String(decoding: field, as: UTF8.self))
    }

    private mutating func readHeader(from reader: inout CSVReader) -> Bool {
        while var row = reader.next() {
            if row.isBlank || Self.isSeparatorHint(row) { continue }
            if let fault = row.fault { problems.add(row.line, fault.message, fault.mistake) }
            row.dropBlankEnd(beyond: 0)
            checkHeader(row)
            return problems.isEmpty
        }
        problems.add(
            1, "the file is empty, expected a header with the columns \(Self.names(PartnerColumn.required))",
            Mistake(.emptyFile, Self.names(PartnerColumn.required)))
        return false
    }

    /// `sep=;`, which some programs write as a first line to tell Excel the separator.
    private static func isSeparatorHint(_ row: CSVReader.Row) -> Bool {
        row.line == 1 && row.fields.count <= 2 && headerText(row.fields[0]).lowercased().hasPrefix("sep=")
    }

    private mutating func checkHeader(_ row: CSVReader.Row) {
        columns = row.fields.compactMap(Self.column)
        let unknown = row.fields.filter { Self.column($0) == nil }.map { PartnerText.quoted(Self.headerText($0)) }
        if !unknown.isEmpty {
            let (named, rest) = (unknown.prefix(Self.maximumNamedColumns), unknown.count - Self.maximumNamedColumns)
            problems.add(
                row.line,
                "unknown \(unknown.count == 1 ? "column" : "columns") \(named.joined(separator: ", "))"
                    + (rest > 0 ? " and \(rest) more" : "") + ", expected some of \(Self.names(PartnerColumn.allCases))",
                Mistake(
                    .unknownColumns, named.joined(separator: ", ") + (rest > 0 ? ", …" : ""), Self.names(PartnerColumn.allCases)))
        }
        for column in PartnerColumn.allCases where columns.count(where: { $0 == column }) > 1 {
            problems.add(
                row.line, "the column \(column.rawValue) is there more than once, expected it once",
                Mistake(.doubledColumn, column.rawValue))
        }
        let missing = PartnerColumn.required.filter { !columns.contains($0) }
        if !missing.isEmpty {
            problems.add(
                row.line,
                "no column \(missing.map(\.rawValue).joined(separator: ", no column ")), "
                    + "expected at least \(Self.names(PartnerColumn.required))",
                Mistake(.missingColumns, Self.names(missing), Self.names(PartnerColumn.required)))
        }
    }

    /// How many unknown columns an error names: a file that is no partner CSV may have hundreds.
    private static let maximumNamedColumns = 12

    private static func names(_ columns: [PartnerColumn]) -> String {
        columns.map(\.rawValue).joined(separator: ",")
    }

    private mutating func readRows(from reader: inout CSVReader) {
        var count = 0
        while var row = reader.next() {
            if row.isBlank { continue }
            row.dropBlankEnd(beyond: columns.count)
            count += 1
            guard count <= Self.maximumRows else {
                problems.add(
                    row.line, "the file has more than \(Self.maximumRows) partners, expected at most that many",
                    Mistake(.tooManyPartners, "\(Self.maximumRows)"))
                return
            }
            if let fault = row.fault {
                problems.add(row.line, fault.message, fault.mistake)
            } else if row.fields.count != columns.count {
                problems.add(
                    row.line, "\(row.fields.count) fields, expected \(columns.count) as in the header",
                    Mistake(.fieldCount, "\(row.fields.count)", "\(columns.count)"))
            } else {
                readPartner(row)
            }
        }
    }

    private mutating func readPartner(_ row: CSVReader.Row) {
        var id: PartnerID?
        var edits: [PartnerEdit] = []
        edits.reserveCapacity(columns.count)
        var isWrong = false
        for (column, field) in zip(columns, row.fields) {
            do throws(PartnerFault) {
                guard let text = String(validating: field, as: UTF8.self) else {
                    throw PartnerFault(
                        message: "\(column.rawValue) is not UTF-8, \(Self.encodingHint)", Mistake(.notUTF8, in: column))
                }
                if column == .id {
                    id = try PartnerText.id(PartnerText.trimmed(text))
                } else {
                    edits.append(try PartnerEdit(column, text: text))
                }
            } catch {
                problems.add(row.line, error.message, error.mistake)
                isWrong = true
            }
        }
        guard let id else { return }
        if let earlier = lines[id] {
            problems.add(
                row.line, "the ID \(id) is on line \(earlier) and on line \(row.line), expected it once",
                Mistake(.doubledID, "\(id)", "\(earlier)"))
        } else {
            lines[id] = row.line
            if !isWrong { rows.append(Row(line: row.line, change: PartnerChange(id: id, edits: edits))) }
        }
    }

    /// Whether the file has a row for the partner, wrong or not.
    package func contains(_ id: PartnerID) -> Bool { lines[id] != nil }
}
