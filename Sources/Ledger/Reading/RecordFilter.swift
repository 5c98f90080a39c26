package import Attribution

/// Which records are wanted. Every field that is set must fit.
package struct RecordFilter: Sendable, Equatable {
    /// The first moment that is wanted.
    package var since: Timestamp?
    /// The first moment that is not wanted any more.
    package var until: Timestamp?
    /// The record's partner.
    package var partner: PartnerID?
    /// The record's partner, one of several that the sign-up named, or the one from whom an adjustment took it.
    package var concerns: PartnerID?
    /// One of the IDs that were sent, whichever decided.
    package var claimed: PartnerID?
    package var kind: RecordKind?
    /// A kind that is not wanted.
    package var otherThan: RecordKind?
    package var outcome: Outcome?
    package var reason: Reason?
    package var route: String?
    package var origin: String?
    package var campaign: String?
    package var client: ClientKind?
    package var signature: LinkSignature?
    package var receipt: Receipt?
    /// The receipt of the sign-up that an adjustment adjusts.
    package var adjusts: Receipt?

    package init() {}

    /// Whether a record fits.
    package func matches(_ record: Attribution.Record) -> Bool {
        guard fits(record, .partner, partner?.description), fits(record, .kind, kind?.rawValue),
            fits(record, .outcome, outcome?.rawValue), fits(record, .reason, reason?.rawValue),
            fits(record, .route, route), fits(record, .origin, origin), fitsCampaign(record),
            fits(record, .client, client?.rawValue), fits(record, .signature, signature?.rawValue),
            fits(record, .receipt, receipt?.description), fits(record, .adjusts, adjusts?.description)
        else { return false }
        if let otherThan, record.kind == otherThan { return false }
        if let claimed, record.list(.claimed)?.contains(claimed.description) != true { return false }
        if let concerns = concerns?.description, !self.concerns(concerns, record) { return false }
        guard since != nil || until != nil else { return true }
        guard let time = record.text(.time).flatMap({ Timestamp(rfc3339: $0) }) else { return false }
        if let since, time < since { return false }
        if let until, time >= until { return false }
        return true
    }

    /// A request that named two partners has neither, but both may ask what became of it.
    private func concerns(_ partner: String, _ record: Attribution.Record) -> Bool {
        record.text(.partner) == partner || record.text(.replaces) == partner
            || record.text(.outcome) == Outcome.conflict.rawValue && record.list(.claimed)?.contains(partner) == true
    }

    private func fitsCampaign(_ record: Attribution.Record) -> Bool {
        guard let campaign else { return true }
        return record.text(.campaign).map(CampaignDays.canonical) == CampaignDays.canonical(campaign)
    }

    private func fits(_ record: Attribution.Record, _ field: RecordField, _ wanted: String?) -> Bool {
        wanted.map { record.text(field) == $0 } ?? true
    }

    /// The moments between which a fitting record was made: a receipt has its record's, to the millisecond.
    var timeRange: (since: Timestamp?, until: Timestamp?) {
        guard let receipt else { return (since, until) }
        let begin = receipt.time
        let end = Timestamp(microseconds: begin.microseconds + 1_000)
        return (max(since ?? begin, begin), min(until ?? end, end))
    }
}
