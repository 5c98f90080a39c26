internal import Attribution
internal import GRDB

/// Which days are kept by columns, and which of these still say what the counters say.
///
/// A day's columns hold its counters as they were when `counted_through` records were counted. They are right as long as no
/// record behind those was made on the day, or before: clocks step back. The ledger's spans tell.
struct ArchivedDays {
    /// By columns, and good to use.
    private(set) var days: Set<CalendarDay> = []

    /// - Parameter range: the days that are asked for.
    init(_ index: Database, ledger: Database, from first: CalendarDay?, through last: CalendarDay?) throws {
        let rows = try Row.fetchAll(
            index, sql: "SELECT day, counted_through FROM archived_day WHERE day >= ? AND day <= ?",
            arguments: [first?.daysSinceEpoch ?? .min, last?.daysSinceEpoch ?? .max])
        guard !rows.isEmpty else { return }
        let archived = rows.map { (day: CalendarDay(daysSinceEpoch: $0[0]), countedThrough: $0[1] as Int64) }
        let spans = try Self.spans(ledger, behind: archived.map(\.countedThrough).min()!)
        for (day, countedThrough) in archived {
            let isStill = spans.allSatisfy { $0.last <= countedThrough || $0.earliest >= day.next.start }
            if isStill { days.insert(day) }
        }
    }

    /// The spans that hold records behind a place.
    private static func spans(_ ledger: Database, behind place: Int64) throws -> [SequenceSpan] {
        try Row.fetchAll(
            ledger, sql: "SELECT * FROM span WHERE first_seq > ? AND last_seq > ? ORDER BY first_seq",
            arguments: [place - SequenceSpan.records, place]
        ).map(SequenceSpan.init)
    }
}
