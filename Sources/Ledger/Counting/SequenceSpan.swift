internal import Attribution

/// A stretch of `seq` and the times of its records. A look-up by time reads only the stretches that can hold it, however
/// often the clock stepped back.
struct SequenceSpan: Equatable {
    /// Records of one stretch: a look-up of one record reads about so many.
    static let records: Int64 = 4_096

    let first: Int64
    private(set) var last: Int64
    private(set) var earliest: Timestamp
    private(set) var latest: Timestamp

    init(first: Int64, last: Int64, earliest: Timestamp, latest: Timestamp) {
        self.first = first
        self.last = last
        self.earliest = earliest
        self.latest = latest
    }

    var isFull: Bool { last - first + 1 >= Self.records }

    mutating func extend(to sequence: Int64, time: Timestamp) {
        precondition(sequence == last + 1)
        last = sequence
        earliest = min(earliest, time)
        latest = max(latest, time)
    }
}

extension [SequenceSpan] {
    /// Notes the next record in the last stretch, or in a new one when that is full.
    mutating func note(_ sequence: Int64, time: Timestamp) {
        if let last, !last.isFull {
            self[count - 1].extend(to: sequence, time: time)
        } else {
            append(SequenceSpan(first: sequence, last: sequence, earliest: time, latest: time))
        }
    }
}
