internal import GRDB

/// The values of the columns as numbers: those that the archive gave first, then whatever is met beside it.
struct ValueNumbers {
    private var columns: [String: Column] = [:]

    private struct Column {
        var texts: [String]
        var numbers: [String: UInt32]
    }

    /// Reads a column's values from the archive, unless they are known.
    mutating func prepare(_ name: String, _ index: Database) throws {
        guard columns[name] == nil else { return }
        let texts = try String.fetchAll(
            index, sql: "SELECT value FROM archived_value WHERE name = ? ORDER BY number", arguments: [name])
        columns[name] = Column(texts: texts, numbers: Dictionary(uniqueKeysWithValues: zip(texts, 0...)))
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
