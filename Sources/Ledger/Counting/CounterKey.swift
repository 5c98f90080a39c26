package import Attribution

/// What one counter counts: a quarter hour and a value in each dimension. Every dimension is a closed or bounded set.
package struct CounterKey: Hashable, Sendable {
    package var bucket: QuarterHour
    package var route: String
    package var edition: Endpoint.Edition?
    package var action: Endpoint.Action?
    package var origin: String
    /// Empty for none; at most ``CampaignDays/maximumPerDay`` by their names on one UTC day, the others are `other`.
    package var campaign: String
    package var outcome: Outcome
    package var reason: Reason?
    /// Only IDs of the directory.
    package var partner: PartnerID?
    package var client: ClientKind
    package var clientOS: ClientOS?

    /// Leaves out what hardly ever tells counters apart, and takes the closed sets by their cases, not by their texts.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(bucket)
        hasher.combine(partner)
        hasher.combine(route)
        hasher.combine(campaign)
        // Enumerations without values are one byte each, the same for equal cases, and nothing lies between them.
        withUnsafeBytes(of: (outcome, reason, client, clientOS)) { hasher.combine(bytes: $0) }
    }
}

/// A UTC day, a culture and a country, empty where the record has none.
package struct PlaceKey: Hashable, Sendable {
    package var day: CalendarDay
    package var culture: String
    package var country: String
}
