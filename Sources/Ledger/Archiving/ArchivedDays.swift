internal import Attribution
internal import GRDB

/// Which days are kept by columns, and which of these still say what the counters say.
///
/// A day's columns hold its counters before a quarter hour as they were when `counted_through` records were counted. They are
/// right as long as no record behind those was made before that quarter hour: clocks step back. The ledger's spans tell.
struct ArchivedDays {
    struct Day: Equatable {
        let day: CalendarDay
        /// The first quarter hour of the day that is not archived, or the one behind the day.
        let until: QuarterHour

        /// What is archived.
        var quarterHours: Range<Int64> { QuarterHour(containing: day.start).number..<until.number }
        var isWhole: Bool { until == QuarterHour.end(of: day) }
    }

    /// By columns, and good to use; ascending.
    private(set) var days: [Day] = []

    init(_ index: Database, ledger: Database) throws {
        let rows = try Row.fetchAll(index, sql: "SELECT day, until, counted_through FROM archived_day ORDER BY day")
        guard !rows.isEmpty else { return }
        let spans = try Self.spans(ledger, behind: rows.map { $0[2] as Int64 }.min()!)
        let countedThrough = try DerivedState.countedThrough(ledger)
        for row in rows {
            // The archive may be ahead of a ledger that was read before.
            guard row[2] <= countedThrough else { continue }
            let day = Day(day: CalendarDay(daysSinceEpoch: row[0]), until: QuarterHour(number: row[1]))
            if spans.earliest(behind: row[2]).map({ $0 >= day.until.start }) ?? true { days.append(day) }
        }
    }

    /// Spans, and the earliest time of each and all behind it.
    private struct Spans {
        let spans: [SequenceSpan]
        let earliest: [Timestamp]

        /// The earliest time of spans that hold records behind a place.
        func earliest(behind place: Int64) -> Timestamp? {
            // Spans ascend: the first that ends behind the place.
            var (low, high) = (0, spans.count)
            while low < high {
                let middle = (low + high) / 2
                if spans[middle].last > place { high = middle } else { low = middle + 1 }
            }
            return low < spans.count ? earliest[low] : nil
        }
    }

    /// The spans that hold records behind a place.
    private static func spans(_ ledger: Database, behind place: Int64) throws -> Spans {
        let spans = try Row.fetchAll(
            ledger, sql: "SELECT * FROM span WHERE first_seq > ? AND last_seq > ? ORDER BY first_seq",
            arguments: [place - SequenceSpan.records, place]
        ).map(SequenceSpan.init)
        var earliest = spans.map(\.earliest)
        for index in earliest.indices.dropLast().reversed() { earliest[index] = min(earliest[index], earliest[index + 1]) }
        return Spans(spans: spans, earliest: earliest)
    }
}
