internal import Attribution
import Foundation
internal import GRDB

/// Takes the counters of quarter hours that are over out of the ledger's table and keeps them by columns and by sums, from which a
/// year is added up faster than a week from rows.
struct CountArchiving {
    /// Values that have a number, by column.
    private var numbers: [String: [String: UInt32]] = [:]

    /// Requests are recorded with the time of their head, and a form's body may come half a minute later.
    private static let marginMicroseconds = 15 * 60 * Timestamp.microsecondsPerSecond
    /// A day that is not over grows by hours: with each step it is written anew.
    private static let quartersOfStep: Int64 = 4

    /// How far the archive is.
    private struct Place {
        let day: CalendarDay
        /// The first quarter hour of the day, or the one behind it, that is not archived.
        let until: QuarterHour
        let countedThrough: Int64
    }

    /// Archives what is over of the next day, if no record of it is expected any more; or forgets days that are not right any
    /// more.
    ///
    /// - Returns: whether there was something.
    mutating func archiveNext(of ledger: LedgerReader, in index: DatabaseQueue, now: Timestamp) throws -> Bool {
        let place = try index.read { try Self.place($0) }
        // Both as of one moment: a record that was counted between two would be taken for archived.
        let next = try ledger.read { ledger in
            if let place, let day = try Self.outdated(since: place, ledger) { return Next.forgetting(from: day) }
            return try Self.next(after: place, now: now, ledger).map(Next.archiving) ?? .nothing
        }
        switch next {
        case .nothing: return false
        case .forgetting(let day): try index.write { try Self.forget(from: day, $0) }
        case .archiving(let portion): try index.write { try write(portion, to: $0) }
        }
        return true
    }

    private enum Next {
        case nothing
        case forgetting(from: CalendarDay)
        case archiving(Portion)
    }

    private static func place(_ index: Database) throws -> Place? {
        try Row.fetchOne(index, sql: "SELECT day, until, counted_through FROM archived_day ORDER BY day DESC LIMIT 1").map {
            Place(day: CalendarDay(daysSinceEpoch: $0[0]), until: QuarterHour(number: $0[1]), countedThrough: $0[2])
        }
    }

    /// A clock that stepped back made records of quarter hours that are archived already: their days, and all behind them, are
    /// archived again.
    ///
    /// - Returns: the earliest of these days.
    private static func outdated(since place: Place, _ ledger: Database) throws -> CalendarDay? {
        let earliest = try Int64.fetchOne(
            ledger, sql: "SELECT min(earliest) FROM span WHERE first_seq > ? AND last_seq > ?",
            arguments: [place.countedThrough - SequenceSpan.records, place.countedThrough]
        ).map { Timestamp(microseconds: $0) }
        return earliest.flatMap { $0 < place.until.start ? $0.day : nil }
    }

    private static func forget(from day: CalendarDay, _ index: Database) throws {
        for table in ["archived_day", "archived_column", "archived_sum"] {
            try index.execute(sql: "DELETE FROM \(table) WHERE day >= ?", arguments: [day.daysSinceEpoch])
        }
    }

    /// Counters that are to be archived: a day's, or those that it got since it was archived last.
    private struct Portion {
        let day: CalendarDay
        let until: QuarterHour
        let countedThrough: Int64
        /// Whether the day is archived up to where these begin.
        let goesOn: Bool
        var quarters: [UInt32] = []
        var values = [[String]](repeating: [], count: CountColumn.values.count)
        var tallies: [CounterTally] = []

        var isWholeDay: Bool { until == QuarterHour.end(of: day) }
    }

    /// The counters behind a place that are over, in one read: of one day at most.
    private static func next(after place: Place?, now: Timestamp, _ ledger: Database) throws -> Portion? {
        // What is counted from now on lies in the last span or behind it.
        guard let span = try SequenceSpan.last(ledger) else { return nil }
        let over = Timestamp(microseconds: now.microseconds - marginMicroseconds)
        let end = QuarterHour(containing: min(span.earliest, over))
        let goesOn = place.map { $0.until < QuarterHour.end(of: $0.day) } ?? false
        let day: CalendarDay
        if goesOn {
            day = place!.day
        } else {
            guard
                let bucket = try Int64.fetchOne(
                    ledger, sql: "SELECT min(bucket) FROM counter WHERE bucket >= ?",
                    arguments: [place?.until.number ?? .min])
            else { return nil }
            day = QuarterHour(number: bucket).day
        }
        let begin = goesOn ? place!.until : QuarterHour(containing: day.start)
        let until = min(end, QuarterHour.end(of: day))
        guard until == QuarterHour.end(of: day) || until.number - begin.number >= quartersOfStep else { return nil }
        var portion = Portion(
            day: day, until: until, countedThrough: try DerivedState.countedThrough(ledger), goesOn: goesOn)
        try read(&portion, from: begin, ledger)
        return portion
    }

    private static func read(_ portion: inout Portion, from begin: QuarterHour, _ ledger: Database) throws {
        let first = QuarterHour(containing: portion.day.start).number
        let columns = (CounterTally.columns + CountColumn.values).joined(separator: ", ")
        let rows = try Row.fetchCursor(
            ledger, sql: "SELECT \(columns), bucket FROM counter WHERE bucket >= ? AND bucket < ? ORDER BY bucket",
            arguments: [begin.number, portion.until.number])
        let tallies = CounterTally.columns.count
        while let row = try rows.next() {
            portion.quarters.append(UInt32(row[tallies + CountColumn.values.count] as Int64 - first))
            for index in portion.values.indices { portion.values[index].append(row[tallies + index]) }
            portion.tallies.append(CounterTally(row))
        }
    }

    private mutating func write(_ portion: Portion, to index: Database) throws {
        let day = portion.day.daysSinceEpoch
        let names = [CountColumn.quarter] + CountColumn.values
        var rows = portion.goesOn ? try ArchivedRows.ofDay(portion.day, names, index) : ArchivedRows(names)
        let values = try zip(CountColumn.values, portion.values).map { try number($1, of: $0, index) }
        for (row, tally) in portion.tallies.enumerated() {
            guard rows.append([portion.quarters[row]] + values.map { $0[row] }, tally) else { throw TooLarge() }
        }
        try index.execute(sql: "DELETE FROM archived_column WHERE day = ?", arguments: [day])
        try index.execute(
            sql: "INSERT OR REPLACE INTO archived_day VALUES (?, ?, ?)",
            arguments: [day, portion.until.number, portion.countedThrough])
        for (name, column) in zip(names + CountColumn.tallies, rows.keys + rows.tallies) {
            try index.execute(
                sql: "INSERT INTO archived_column VALUES (?, ?, ?)", arguments: [day, name, ArchivedColumn.stored(column).blob])
        }
        try writeSums(of: rows, day, isWholeDay: portion.isWholeDay, to: index)
    }

    /// A day with a counter beyond 2^31 is none that this program counted.
    private struct TooLarge: Error {}

    /// Writes all sums of a day, over those that it had when less of it was over.
    private func writeSums(of rows: ArchivedRows, _ day: Int, isWholeDay: Bool, to index: Database) throws {
        func write(_ name: String, _ sums: ArchivedRows) throws {
            try index.cachedStatement(sql: "INSERT OR REPLACE INTO archived_sum VALUES (?, ?, ?)")
                .execute(arguments: [name, day, sums.stored.blob])
        }
        for columns in ArchivedSums.ofDays + ArchivedSums.ofQuarters {
            guard let sums = rows.sums(by: columns) else { throw TooLarge() }
            try write(ArchivedSums.name(columns), sums)
        }
        // There are many portions; a day that grows is not worth them.
        guard isWholeDay else { return }
        guard let sums = rows.sums(by: ArchivedSums.ofPartners) else { throw TooLarge() }
        for portion in ArchivedSums.portions(sums) { try write(portion.name, portion.rows) }
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

extension QuarterHour {
    /// The first one of the next UTC day.
    static func end(of day: CalendarDay) -> QuarterHour { QuarterHour(containing: day.next.start) }
}
