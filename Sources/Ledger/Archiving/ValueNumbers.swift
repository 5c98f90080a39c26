internal import GRDB

/// The values of the columns as numbers: those that the archive gave first, then whatever is met beside it.
struct ValueNumbers {
    private var columns: [String: Column] = [:]

    private struct Column {
        var texts: [String]
        var numbers: [String: UInt32]
    }

    /// Reads a column's values from the archive, but for those that are known from it.
    mutating func prepare(_ name: String, _ index: Database) throws {
        var column = columns.removeValue(forKey: name) ?? Column(texts: [], numbers: [:])
        let statement = try index.cachedStatement(
            sql: "SELECT value FROM archived_value WHERE name = ? AND number >= ? ORDER BY number")
        let values = try String.fetchCursor(statement, arguments: [name, column.texts.count])
        while let value = try values.next() {
            column.numbers[value] = UInt32(column.texts.count)
            column.texts.append(value)
        }
        columns[name] = column
    }

    /// The values of a column that is prepared, by their numbers.
    func texts(of name: String) -> [String] { columns[name]!.texts }

    /// - Returns: nil for a value that never was.
    func number(of value: String, in name: String) -> UInt32? { columns[name]!.numbers[value] }

    /// Gives a value the next number, unless it has one.
    mutating func add(_ value: String, to name: String) -> UInt32 {
        if let number = columns[name]!.numbers[value] { return number }
        let number = UInt32(columns[name]!.texts.count)
        columns[name]!.texts.append(value)
        columns[name]!.numbers[value] = number
        return number
    }
}
