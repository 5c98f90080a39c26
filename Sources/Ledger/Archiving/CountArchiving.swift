internal import Attribution
internal import GRDB

/// Takes the counters of days that are over out of the ledger's table and keeps them by columns, from which a year is added up
/// faster than a week from rows.
struct CountArchiving {
    /// Values that have a number, by column.
    private var numbers: [String: [String: UInt32]] = [:]

    /// Requests are recorded with the time of their head, and a form's body may come half a minute later.
    private static let marginMicroseconds = 15 * 60 * Timestamp.microsecondsPerSecond

    /// Archives the next day, if one is over and no record of it is expected any more.
    ///
    /// - Returns: whether there was one.
    mutating func archiveNext(of ledger: DatabaseQueue, in index: DatabaseQueue, now: Timestamp) throws -> Bool {
        try removeOutdated(ledger, index)
        let last = try index.read { try Int.fetchOne($0, sql: "SELECT max(day) FROM archived_day") }
        guard let archive = try ledger.read({ try Self.next(after: last, now: now, $0) }) else { return false }
        try index.write { try write(archive, to: $0) }
        return true
    }

    /// A clock that stepped back made records of days that are archived already: these, and all days behind them, are archived
    /// again.
    private func removeOutdated(_ ledger: DatabaseQueue, _ index: DatabaseQueue) throws {
        let newest = try index.read { index in
            try Row.fetchOne(index, sql: "SELECT day, counted_through FROM archived_day ORDER BY day DESC LIMIT 1")
                .map { (day: CalendarDay(daysSinceEpoch: $0[0]), countedThrough: $0[1] as Int64) }
        }
        guard let newest else { return }
        let earliest = try ledger.read { ledger in
            try Int64.fetchOne(
                ledger, sql: "SELECT min(earliest) FROM span WHERE first_seq > ? AND last_seq > ?",
                arguments: [newest.countedThrough - SequenceSpan.records, newest.countedThrough])
        }
        guard let day = earliest.map({ Timestamp(microseconds: $0).day }), day <= newest.day else { return }
        try index.write { index in
            for table in ["archived_day", "archived_column"] {
                try index.execute(sql: "DELETE FROM \(table) WHERE day >= ?", arguments: [day.daysSinceEpoch])
            }
        }
    }

    private struct Archive {
        let day: CalendarDay
        let countedThrough: Int64
        var quarters: [UInt32] = []
        var values = [[String]](repeating: [], count: CountColumn.values.count)
        var tallies = [[UInt32]](repeating: [], count: CountColumn.tallies.count)
    }

    /// The counters of the first day with any that is not archived, in one read.
    private static func next(after last: Int?, now: Timestamp, _ ledger: Database) throws -> Archive? {
        let earliest = last.map { Int64($0 + 1) * QuarterHour.perDay } ?? .min
        guard
            let bucket = try Int64.fetchOne(
                ledger, sql: "SELECT min(bucket) FROM counter WHERE bucket >= ?", arguments: [earliest])
        else { return nil }
        let day = QuarterHour(number: bucket).day
        // What is counted from now on lies in the last span or behind it.
        guard let span = try SequenceSpan.last(ledger), span.earliest >= day.next.start,
            now.microseconds >= day.next.start.microseconds + marginMicroseconds
        else { return nil }
        var archive = Archive(day: day, countedThrough: try DerivedState.countedThrough(ledger))
        let first = QuarterHour(containing: day.start).number
        let columns = (CountColumn.values + CountColumn.tallies).joined(separator: ", ")
        let rows = try Row.fetchCursor(
            ledger, sql: "SELECT bucket, \(columns) FROM counter WHERE bucket >= ? AND bucket < ? ORDER BY bucket",
            arguments: [first, first + QuarterHour.perDay])
        while let row = try rows.next() {
            archive.quarters.append(UInt32(row[0] as Int64 - first))
            for index in archive.values.indices { archive.values[index].append(row[1 + index]) }
            for index in archive.tallies.indices {
                guard let tally = Int32(exactly: row[1 + CountColumn.values.count + index] as Int64) else { return nil }
                archive.tallies[index].append(UInt32(bitPattern: tally))
            }
        }
        return archive
    }

    private mutating func write(_ archive: Archive, to index: Database) throws {
        let day = archive.day.daysSinceEpoch
        try index.execute(sql: "INSERT INTO archived_day VALUES (?, ?)", arguments: [day, archive.countedThrough])
        func write(_ name: String, _ column: [UInt32]) throws {
            try index.execute(
                sql: "INSERT INTO archived_column VALUES (?, ?, ?)", arguments: [day, name, ArchivedColumn.stored(column).blob])
        }
        try write(CountColumn.quarter, archive.quarters)
        for (name, values) in zip(CountColumn.values, archive.values) { try write(name, try number(values, of: name, index)) }
        for (name, tallies) in zip(CountColumn.tallies, archive.tallies) { try write(name, tallies) }
    }

    /// Gives values their numbers, new ones the next.
    private mutating func number(_ values: [String], of name: String, _ index: Database) throws -> [UInt32] {
        // Should the transaction fail, another one of this begins, with the numbers of the file.
        var known = try numbers[name] ?? Self.numbers(of: name, index)
        var column: [UInt32] = []
        column.reserveCapacity(values.count)
        for value in values {
            if let number = known[value] {
                column.append(number)
                continue
            }
            let number = UInt32(known.count)
            known[value] = number
            column.append(number)
            try index.execute(sql: "INSERT INTO archived_value VALUES (?, ?, ?)", arguments: [name, Int64(number), value])
        }
        numbers[name] = known
        return column
    }

    private static func numbers(of name: String, _ index: Database) throws -> [String: UInt32] {
        let rows = try Row.fetchAll(index, sql: "SELECT value, number FROM archived_value WHERE name = ?", arguments: [name])
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] as String, UInt32($0[1] as Int64)) })
    }
}
