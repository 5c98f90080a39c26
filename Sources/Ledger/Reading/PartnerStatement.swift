package import Attribution

/// What a partner who asks is told: its sign-ups of one month (UTC), what was attributed to it in that month after the fact, and
/// what of that was taken back.
package struct PartnerStatement: Sendable, Equatable {
    package let partner: PartnerID
    package let month: CalendarMonth

    package init(of partner: PartnerID, in month: CalendarMonth) {
        self.partner = partner
        self.month = month
    }

    /// The records that it lists.
    package var filter: RecordFilter {
        var filter = RecordFilter()
        filter.concerns = partner
        // Who is partner of record is no sign-up request.
        filter.otherThan = .association
        (filter.since, filter.until) = (month.first.start, month.next.first.start)
        return filter
    }

    /// Whether a record takes an earlier adjustment away from the partner.
    package func takesBack(_ record: Record) -> Bool {
        record.kind == .adjustment && record.text(.partner) != partner.description
    }

    /// A record as the partner is told it: who else was named, or attributed instead, is not its business.
    package func told(_ record: Record) -> Record {
        var told = record
        told[.partnerRaw] = nil
        if takesBack(record) { (told[.partner], told[.outcome]) = (nil, nil) }
        return told
    }
}

/// What the records of a statement come to.
package struct StatementTotals: Sendable, Equatable {
    private let statement: PartnerStatement
    /// Sign-up requests that named the partner.
    package private(set) var requests: Int64 = 0
    /// Those that a person made.
    package private(set) var visits: Int64 = 0
    package private(set) var attributed: Int64 = 0
    /// Attributed after the fact, in this month, without what was taken back in it.
    package private(set) var adjusted: Int64 = 0

    package var notAttributed: Int64 { requests - attributed }
    package var net: Int64 { attributed + adjusted }

    package init(of statement: PartnerStatement) {
        self.statement = statement
    }

    /// Adds a record that the statement lists.
    package mutating func add(_ record: Record) {
        if record.kind == .adjustment {
            adjusted += statement.takesBack(record) ? -1 : 1
            return
        }
        guard let tally = CountedRecord(record, partnerIsListed: false)?.tally else { return }
        requests += tally.requests
        visits += tally.visits
        attributed += tally.attributed
    }
}
