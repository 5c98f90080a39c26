import Ledger

/// A table of counts as text, CSV or JSON.
struct CountsLayout {
    private let table: CountTable

    init(_ table: CountTable) {
        self.table = table
    }

    private var columns: [String] { CountTable.columns + (table.hasAdjustments ? CountTable.adjustmentColumns : []) }

    private func values(_ tally: CounterTally) -> [Int64] {
        tally.values + (table.hasAdjustments ? [tally.adjusted, tally.net] : [])
    }

    private var header: [String] { table.dimensions.map(\.rawValue) + columns }

    /// An array of objects: the dimensions by name, empty where the records have none, and the counts.
    func appendJSON(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (index, line) in table.lines.enumerated() {
            bytes += (index == 0 ? "\n  {" : ",\n  {").utf8
            for (dimension, value) in zip(table.dimensions, line.values) {
                bytes += "\"\(dimension.rawValue)\": \(JSONText.string(value)), ".utf8
            }
            let counts = zip(columns, values(line.tally)).map { "\"\($0)\": \($1)" }
            bytes += counts.joined(separator: ", ").utf8
            bytes.append(UInt8(ascii: "}"))
        }
        bytes += (table.lines.isEmpty ? "]\n" : "\n]\n").utf8
    }

    func appendCSV(to bytes: inout [UInt8]) {
        CSVText.append(header, to: &bytes)
        for line in table.lines { CSVText.append(line.values, counts: values(line.tally), to: &bytes) }
    }

    /// Aligned columns, with the total as the last line.
    func appendText(to bytes: inout [UInt8]) {
        var rows = [header]
        for line in table.lines {
            rows.append(line.values.map { $0.isEmpty ? "-" : TerminalText.escaped($0) } + values(line.tally).map(String.init))
        }
        var total = [String](repeating: "", count: table.dimensions.count)
        if !total.isEmpty { total[0] = "total" }
        rows.append(total + values(table.total).map(String.init))
        let widths = header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let cells = row.enumerated().map { column, text in
                let gap = String(repeating: " ", count: widths[column] - text.count)
                return column < table.dimensions.count ? text + gap : gap + text
            }
            bytes += (cells.joined(separator: "  ") + "\n").utf8
        }
    }
}
