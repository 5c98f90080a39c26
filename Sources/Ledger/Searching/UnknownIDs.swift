internal import Attribution
internal import GRDB

/// The table `unknown_id`: well-formed IDs that sign-ups brought and the directory did not have.
struct UnknownIDs {
    let database: Database

    /// IDs of a day that are kept by their names; a visitor can make up as many as there are numbers.
    static let maximumPerDay = 1_000
    /// What the others are counted as: no ID.
    static let other: Int64 = 0

    func add(_ counts: [SegmentPostings.UnknownID: Int64]) throws {
        var known: [CalendarDay: Set<Int64>] = [:]
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO unknown_id VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET requests = requests + excluded.requests
                """)
        // The most frequent first: they get the places that are left.
        for (key, requests) in counts.sorted(by: { ($0.value, $1.key.id) > ($1.value, $0.key.id) }) {
            guard let day = CalendarDay(key.day), let id = PartnerID(key.id) else { continue }
            let number = Int64(id.number)
            var named = try known[day] ?? named(on: day)
            let isNamed = named.contains(number) || named.count < Self.maximumPerDay
            if isNamed { named.insert(number) }
            known[day] = named
            try statement.execute(arguments: [day.daysSinceEpoch, isNamed ? number : Self.other, requests])
        }
    }

    private func named(on day: CalendarDay) throws -> Set<Int64> {
        try Int64.fetchSet(
            database, sql: "SELECT id FROM unknown_id WHERE day = ? AND id <> ?", arguments: [day.daysSinceEpoch, Self.other])
    }
}
