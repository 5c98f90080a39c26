internal import Attribution
import Foundation
internal import GRDB

extension ArchivedRows {
    /// A day's counters, by some of their columns.
    ///
    /// - Throws: `DatabaseError` when they are damaged.
    static func ofDay(_ day: CalendarDay, _ names: [String], _ index: Database) throws -> ArchivedRows {
        var rows = ArchivedRows(names)
        for (place, name) in names.enumerated() { rows.keys[place] = try column(name, of: day, index) }
        for (place, name) in CountColumn.tallies.enumerated() { rows.tallies[place] = try column(name, of: day, index) }
        guard (rows.keys + rows.tallies).allSatisfy({ $0.count == rows.count }) else { throw damaged(day) }
        return rows
    }

    private static func column(_ name: String, of day: CalendarDay, _ index: Database) throws -> [UInt32] {
        let statement = try index.cachedStatement(sql: "SELECT data FROM archived_column WHERE day = ? AND name = ?")
        let numbers = try Row.fetchOne(statement, arguments: [day.daysSinceEpoch, name])?.withUnsafeData(atIndex: 0) { data in
            data.flatMap { $0.withUnsafeBytes { ArchivedColumn.numbers($0) } }
        }
        guard let numbers else { throw damaged(day) }
        return numbers
    }

    /// A day's sums; nil when it has none of that name.
    ///
    /// - Throws: `DatabaseError` when they are damaged.
    static func sums(_ name: String, _ columns: [String], of day: CalendarDay, _ index: Database) throws -> ArchivedRows? {
        let statement = try index.cachedStatement(sql: "SELECT data FROM archived_sum WHERE name = ? AND day = ?")
        guard let row = try Row.fetchOne(statement, arguments: [name, day.daysSinceEpoch]) else { return nil }
        let rows = try row.withUnsafeData(atIndex: 0) { data in
            data.flatMap { $0.withUnsafeBytes { ArchivedRows(stored: $0, columns) } }
        }
        guard let rows else { throw damaged(day) }
        return rows
    }

    static func damaged(_ day: CalendarDay) -> DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the counters of \(day) can't be read")
    }

    /// Whether every key stands for something: a file that is damaged may hold any.
    func isSound(_ numbers: ValueNumbers) -> Bool {
        zip(names, keys).allSatisfy { name, column in
            let bound = name == CountColumn.quarter ? Int(QuarterHour.perDay) : numbers.texts(of: name).count
            return column.allSatisfy { $0 < bound }
        }
    }
}
