package import Attribution
internal import Office

/// A CSV of what the provider tells: a header with the columns of ``SubscriptionEvent/Column`` in any order, all of them but `receipt`
/// required, and an event in each row.
package struct SubscriptionCSV: Sendable {
    package struct Row: Sendable {
        package let line: Int
        package let event: SubscriptionEvent
    }

    package private(set) var rows: [Row] = []
    /// What is wrong with the file, with its lines: the first ``maximumFaults``.
    package private(set) var faults: [String] = []
    private var columns: [SubscriptionEvent.Column?] = []

    /// Each event may need a look into the ledger: so many take a minute.
    package static let maximumRows = 20_000
    package static let maximumFileBytes = 8 << 20
    package static let maximumFaults = 100

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    /// As in a partner CSV.
    private static let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]

    /// - Parameter now: when it was told.
    package init(_ bytes: [UInt8], now: Timestamp) {
        guard bytes.count <= Self.maximumFileBytes else {
            add(1, "the file has \(bytes.count) bytes, expected at most \(Self.maximumFileBytes)")
            return
        }
        let text = bytes.starts(with: Self.byteOrderMark) ? bytes.dropFirst(Self.byteOrderMark.count) : bytes[...]
        let header = text.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        let separator = Self.separators.max { left, right in
            header.count { $0 == left } < header.count { $0 == right }
        }
        var reader = CSVReader(text, separator: separator ?? UInt8(ascii: ","))
        guard readHeader(from: &reader) else { return }
        var count = 0
        while var row = reader.next() {
            if row.isBlank { continue }
            row.dropBlankEnd(beyond: columns.count)
            count += 1
            guard count <= Self.maximumRows else {
                add(row.line, "the file has more than \(Self.maximumRows) events; import it in parts")
                return
            }
            read(row, now: now)
        }
    }

    private mutating func add(_ line: Int, _ message: String) {
        if faults.count < Self.maximumFaults { faults.append("\(line): \(message)") }
    }

    private mutating func readHeader(from reader: inout CSVReader) -> Bool {
        while let row = reader.next() {
            if row.isBlank { continue }
            columns = row.fields.map { field in
                SubscriptionEvent.Column(rawValue: Self.text(field)?.lowercased() ?? "")
            }
            let names = SubscriptionEvent.Column.allCases.map(\.rawValue).joined(separator: ",")
            for (column, field) in zip(columns, row.fields) where column == nil {
                add(row.line, "unknown column \(PartnerText.quoted(Self.text(field) ?? "")), expected some of \(names)")
            }
            for column in SubscriptionEvent.Column.allCases {
                let count = columns.count { $0 == column }
                if count > 1 { add(row.line, "the column \(column.rawValue) is there more than once, expected it once") }
                if count == 0, column != .receipt { add(row.line, "no column \(column.rawValue), expected \(names)") }
            }
            return faults.isEmpty
        }
        add(1, "the file is empty, expected a header")
        return false
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String? {
        String(validating: field, as: UTF8.self).map { PartnerText.trimmed($0) }
    }

    private mutating func read(_ row: CSVReader.Row, now: Timestamp) {
        if let fault = row.fault { return add(row.line, fault.message) }
        guard row.fields.count == columns.count else {
            return add(row.line, "\(row.fields.count) fields, expected \(columns.count) as in the header")
        }
        var texts: [SubscriptionEvent.Column: String] = [:]
        for case (let column?, let field) in zip(columns, row.fields) {
            guard let text = Self.text(field) else { return add(row.line, "\(column.rawValue) is not UTF-8") }
            texts[column] = text
        }
        do throws(SubscriptionRefusal) {
            let event = try SubscriptionEvent(seats: texts[.seats].flatMap { Int($0) }, now: now) { texts[$0] }
            rows.append(Row(line: row.line, event: event))
        } catch {
            add(row.line, error.description)
        }
    }
}
