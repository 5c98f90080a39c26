internal import GRDB

/// The table `unknown_id`: well-formed IDs that sign-ups brought and the directory did not have.
struct UnknownIDs {
    let database: Database

    /// IDs of a day that are kept by their names; a visitor can make up as many as there are numbers.
    static let maximumPerDay = 1_000
    /// What the others are counted as: no ID.
    static let other = ""

    func add(_ counts: [SegmentPostings.UnknownID: Int64]) throws {
        var known: [String: Set<String>] = [:]
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO unknown_id VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET requests = requests + excluded.requests
                """)
        // The most frequent first: they get the places that are left.
        for (key, requests) in counts.sorted(by: { ($0.value, $1.key.id) > ($1.value, $0.key.id) }) {
            var names = try known[key.day] ?? names(on: key.day)
            let isNamed = names.contains(key.id) || names.count < Self.maximumPerDay
            if isNamed { names.insert(key.id) }
            known[key.day] = names
            try statement.execute(arguments: [key.day, isNamed ? key.id : Self.other, requests])
        }
    }

    private func names(on day: String) throws -> Set<String> {
        try String.fetchSet(
            database, sql: "SELECT id FROM unknown_id WHERE day = ? AND id <> ''", arguments: [day])
    }
}
