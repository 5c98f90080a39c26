internal import Attribution
internal import GRDB

/// The table `unknown_id`: well-formed IDs that sign-ups brought and the directory did not have.
struct UnknownIDs {
    let database: Database

    /// IDs of a day that are kept by their names; a visitor can make up as many as there are numbers.
    static let maximumPerDay = 1_000
    /// What the others are counted as: no ID.
    static let other: Int64 = 0

    /// Adds a segment's counts. Of a day with too many IDs those stay by name that have most requests, so that a flood of made-up
    /// ones does not hide the wrong ID of an image that comes after it: one that has more requests in a segment than the rarest of
    /// the named has had all day.
    func add(_ counts: [SegmentPostings.UnknownID: Int64]) throws {
        var added: [CalendarDay: [Int64: Int64]] = [:]
        for (key, requests) in counts {
            guard let day = CalendarDay(key.day), let id = PartnerID(key.id) else { continue }
            added[day, default: [:]][Int64(id.number), default: 0] += requests
        }
        for (day, added) in added { try add(added, on: day) }
    }

    private func add(_ added: [Int64: Int64], on day: CalendarDay) throws {
        let before = try named(on: day)
        let requests = before.merging(added, uniquingKeysWith: +)
        let byRequests = requests.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
        for (id, requests) in byRequests.prefix(Self.maximumPerDay) where before[id] != requests {
            try database.execute(
                sql: """
                    INSERT INTO unknown_id VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET requests = excluded.requests
                    """,
                arguments: [day.daysSinceEpoch, id, requests])
        }
        let rest = byRequests.dropFirst(Self.maximumPerDay)
        guard !rest.isEmpty else { return }
        for (id, _) in rest where before[id] != nil {
            try database.execute(
                sql: "DELETE FROM unknown_id WHERE day = ? AND id = ?", arguments: [day.daysSinceEpoch, id])
        }
        try database.execute(
            sql: """
                INSERT INTO unknown_id VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET requests = requests + excluded.requests
                """,
            arguments: [day.daysSinceEpoch, Self.other, rest.reduce(0) { $0 + $1.value }])
    }

    private func named(on day: CalendarDay) throws -> [Int64: Int64] {
        let rows = try Row.fetchCursor(
            database, sql: "SELECT id, requests FROM unknown_id WHERE day = ? AND id <> ?",
            arguments: [day.daysSinceEpoch, Self.other])
        var named: [Int64: Int64] = [:]
        while let row = try rows.next() { named[row[0]] = row[1] }
        return named
    }
}
