internal import Attribution

/// The subscriptions that a partner was partner of record of within one month in one program. Encoded as the API's JSON.
///
/// What was there at the start, and what was associated less what was removed, make what is there at the end. A subscription that comes
/// and goes in a month does so as often as it did; in what counts it is one.
package struct ProgramFigures: Codable, Equatable, Sendable {
    /// ``Program``'s word, or ``noProgram``.
    package let program: String
    /// Of which it was partner of record when the month began.
    package private(set) var atStart: Int64 = 0
    /// Of which it became partner of record in the month, in this program.
    package private(set) var associated: Int64 = 0
    /// Of these, the ones that came of a sign-up's receipt.
    package private(set) var byReceipt: Int64 = 0
    /// Of which it ceased to be, whoever came then.
    package private(set) var removed: Int64 = 0
    /// Of which it still was when the month ended, or is now, in a month that has not.
    package private(set) var atEnd: Int64 = 0
    /// That counted in the program at some time of the month.
    package private(set) var counted: Int64 = 0
    /// That counted when the month ended, or count now.
    package private(set) var countedAtEnd: Int64 = 0
    /// For how long they counted within the month, all together; of each, whole seconds.
    package private(set) var countedSeconds: Int64 = 0

    /// The partner is enrolled in none: nothing counts.
    package static let noProgram = "none"

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case program
        case atStart = "at_start"
        case associated
        case byReceipt = "by_receipt"
        case removed
        case atEnd = "at_end"
        case counted
        case countedAtEnd = "counted_at_end"
        case countedSeconds = "counted_seconds"
    }

    init(_ program: Program?) { self.program = Self.name(of: program) }

    private static func name(of program: Program?) -> String { program?.rawValue ?? noProgram }

    /// In the order of ``CodingKeys``, behind the program.
    package var counts: [Int64] {
        [atStart, associated, byReceipt, removed, atEnd, counted, countedAtEnd, countedSeconds]
    }

    /// Adds a subscription that had the partner at some time.
    ///
    /// - Parameter past: how much of the month is over, all of it mostly.
    mutating func add(_ subscription: SubscriptionPast, of partner: PartnerID, in month: TimeSpan, past: TimeSpan) {
        var isHeld = false
        var wasHeld = false
        for change in subscription.changes.prefix(while: { $0.time < month.end }) {
            let holds = change.association.map { $0.partner == partner && Self.name(of: $0.program) == program } ?? false
            if change.time < month.start {
                wasHeld = holds
            } else if holds, !isHeld {
                associated += 1
                if change.origin == .receipt { byReceipt += 1 }
            } else if isHeld, !holds {
                removed += 1
            }
            isHeld = holds
        }
        if wasHeld { atStart += 1 }
        if isHeld { atEnd += 1 }
        guard let counting = Program(rawValue: program) else { return }
        let spans = subscription.counted(for: partner, in: counting, within: past)
        guard let last = spans.last else { return }
        counted += 1
        if last.end == past.end { countedAtEnd += 1 }
        countedSeconds += spans.reduce(0) { $0 + $1.microseconds } / Timestamp.microsecondsPerSecond
    }
}
