package import Attribution

/// Counts records in the order of `seq`: the one rule by which the writer counts, readers add the tail that is not counted
/// yet, and `verify` recounts. Pure: what the counters hold of a day already is handed in.
package struct CounterAggregate: Sendable {
    package private(set) var tallies: [CounterKey: CounterTally] = [:]
    package private(set) var places: [PlaceKey: CounterTally] = [:]
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
        let day = record.time.day
        var key = record.key
        key.campaign = campaigns.counted(key.campaign, on: day)
        tallies[key, default: CounterTally()] += record.tally
        places[PlaceKey(day: day, culture: record.culture, country: record.country), default: CounterTally()] += record.tally
    }

    /// Forgets the counts, which are in the counters now.
    package mutating func removeCounts() {
        tallies.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }

    /// Forgets the campaigns of days long gone. Not between ``prepare(campaign:on:counted:)`` and ``fold(_:)``.
    package mutating func trimCampaigns() { campaigns.trim() }
}
