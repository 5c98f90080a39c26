/// What a day's counters are kept of by columns: each name is that of the counters' table.
enum CountColumn {
    /// The quarter hour of the day, from 0 to 95.
    static let quarter = "quarter"
    /// Values that are numbered; the numbers are the same for all days.
    static let values = [
        "route", "edition", "action", "origin", "campaign", "outcome", "reason", "partner", "client", "client_os",
    ]
    static let partner = "partner"
    static let outcome = "outcome"
    /// Numbers that may be negative: the bits of an `Int32`.
    static let tallies = CounterTally.columns
}
