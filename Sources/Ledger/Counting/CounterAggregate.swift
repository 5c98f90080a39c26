package import Attribution

/// Counts records in the order of `seq`: the one rule by which the writer counts, readers add the tail that is not counted
/// yet, and `verify` recounts. Pure: what the counters hold of a day already is handed in.
package struct CounterAggregate: Sendable {
    package private(set) var tallies: [CounterKey: CounterTally] = [:]
    package private(set) var places: [PlaceKey: CounterTally] = [:]
    /// Records that are adjustments.
    package private(set) var adjustments: Int64 = 0
    /// Records that are associations.
    package private(set) var associations: Int64 = 0
    private var campaigns = CampaignDays()

    package init() {}

    package var isEmpty: Bool { tallies.isEmpty }

    /// Makes sure that ``fold(_:)`` can judge campaigns of a day.
    ///
    /// - Parameter counted: the campaigns that the counters have for the day; called only when they are not known yet.
    package mutating func prepare(
        campaign: String?,
        on day: CalendarDay,
        counted: (CalendarDay) throws -> Set<String>
    ) rethrows {
        guard let campaign, !campaign.isEmpty, !campaigns.knows(day) else { return }
        // What was folded since the counters were written belongs to the day's names as well.
        let pending = tallies.keys.lazy.filter { $0.bucket.day == day }.map(\.campaign)
        campaigns.learn(try counted(day).union(pending), of: day)
    }

    /// Counts one record. ``prepare(campaign:on:counted:)`` must have been called for its campaign and day.
    package mutating func fold(_ record: CountedRecord) {
        if record.isAssociation {
            associations += 1
            return
        }
        let day = record.time.day
        var key = record.key
        key.campaign = campaigns.counted(key.campaign, on: day)
        tallies[key, default: CounterTally()] += record.tally
        if record.isAdjustment { adjustments += 1 }
        if let replaces = record.replaces { takeBack(from: replaces, key, record) }
        places[PlaceKey(day: day, culture: record.culture, country: record.country), default: CounterTally()] += record.tally
    }

    /// What an adjustment attributes anew, it takes from the one whom an earlier one gave it.
    private mutating func takeBack(from partner: PartnerID, _ key: CounterKey, _ record: CountedRecord) {
        var key = key
        key.partner = partner
        // The counter of the earlier adjustment: whatever the sign-up was, there it counted as attributed.
        key.outcome = .attributed
        key.reason = nil
        let withdrawn = CounterTally(requests: 0, visits: 0, unique: 0, attributed: 0, adjusted: -1)
        tallies[key, default: CounterTally()] += withdrawn
        let place = PlaceKey(day: record.time.day, culture: record.culture, country: record.country)
        places[place, default: CounterTally()] += withdrawn
    }

    /// Forgets the counts, which are in the counters now.
    package mutating func removeCounts() {
        adjustments = 0
        associations = 0
        tallies.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }

    /// Forgets the campaigns of days long gone. Not between ``prepare(campaign:on:counted:)`` and ``fold(_:)``.
    package mutating func trimCampaigns() { campaigns.trim() }
}
