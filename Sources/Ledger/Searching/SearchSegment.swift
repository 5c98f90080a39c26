/// A stretch of the ledger that is indexed as a whole, once it is full: segment 0 holds the records 1 to 8,192.
enum SearchSegment {
    /// Few enough that the records behind the last segment are read through in some milliseconds; so many that a hundred million
    /// records are twelve thousand segments to look into.
    static let records = 8_192

    static func containing(_ sequence: Int64) -> Int64 { (sequence - 1) / Int64(records) }

    /// The first record of a segment.
    static func first(of segment: Int64) -> Int64 { segment * Int64(records) + 1 }

    /// The last record of a segment.
    static func last(of segment: Int64) -> Int64 { (segment + 1) * Int64(records) }
}
