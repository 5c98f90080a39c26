package import Attribution

/// What a partner's records of one month come to: the ones that a statement lists.
package struct StatementTotals: Sendable, Equatable {
    /// Sign-up requests that named the partner.
    package private(set) var requests: Int64 = 0
    /// Those that a person made.
    package private(set) var visits: Int64 = 0
    package private(set) var attributed: Int64 = 0
    /// Attributed after the fact, in this month, without what was taken back in it.
    package var adjusted: Int64 = 0

    package var notAttributed: Int64 { requests - attributed }
    package var net: Int64 { attributed + adjusted }

    package init() {}

    /// Adds a sign-up. An adjustment adds nothing: whether another one replaced it is not in its record.
    package mutating func add(_ record: Record) {
        guard record.text(.kind) == AdjustmentDraft.signupKind,
            let tally = CountedRecord(record, partnerIsListed: false)?.tally
        else { return }
        requests += tally.requests
        visits += tally.visits
        attributed += tally.attributed
    }
}

extension RecordFilter {
    /// The records of a partner's statement.
    package static func statement(of partner: PartnerID, in month: CalendarMonth) -> RecordFilter {
        var filter = RecordFilter()
        filter.partner = partner
        (filter.since, filter.until) = (month.first.start, month.next.first.start)
        return filter
    }
}

extension LedgerReader {
    /// What adjustments of a month (UTC) gave a partner, less what others of that month took back: as the counters have it.
    ///
    /// - Throws: ``LedgerError``.
    package func adjusted(of partner: PartnerID, in month: CalendarMonth) throws -> Int64 {
        let query = try CountQuery(
            dimensions: [], filters: [CountFilter(.partner, partner.description)],
            since: QuarterHour(containing: month.first.start), until: QuarterHour(containing: month.next.first.start))
        return try counts(query).total.adjusted
    }

    /// Whether a later adjustment of the same sign-up replaced this one, or took it back.
    package func isReplaced(_ adjustment: Record) throws -> Bool {
        guard let signup = adjustment.text(.adjusts).flatMap({ Receipt($0) }) else { return false }
        return try adjustments(of: signup).last?.record?.text(.receipt) != adjustment.text(.receipt)
    }
}
