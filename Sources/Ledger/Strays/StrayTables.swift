internal import Attribution
internal import GRDB

/// The tables `unmatched_path` and `failed_handshake`.
struct StrayTables {
    /// Distinct rows of one day in each table; what comes beyond is counted together.
    static let maximumPerDay = 1_000
    /// What is beyond the bound is counted as. No path is called so, as paths begin with a slash.
    static let other = "other"

    let database: Database

    func add(_ notes: StrayNotes.Taken) throws {
        for (path, count) in notes.paths { try add(count, to: path) }
        for (handshake, count) in notes.handshakes { try add(count, to: handshake) }
    }

    private func add(_ count: StrayCount, to key: UnmatchedPathOfDay) throws {
        let day = key.day.daysSinceEpoch
        var path = key.path.map { PersonalText.escaped($0) } ?? Self.other
        if path != Self.other, try !hasRow("unmatched_path WHERE day = ? AND path = ?", [day, path]),
            try isFull("unmatched_path WHERE day = ? AND path <> ?", day: day)
        {
            path = Self.other
        }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO unmatched_path VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET requests = requests + excluded.requests,
                    earliest = min(earliest, excluded.earliest), latest = max(latest, excluded.latest)
                """
        )
        try statement.execute(arguments: [day, path] + count.arguments)
    }

    private func add(_ count: StrayCount, to key: HandshakeOfDay) throws {
        var key = key
        let isKnown = try hasRow(
            "failed_handshake WHERE day = ? AND reason = ? AND server_name = ? AND offered_version = ? AND windows = ?",
            key.arguments
        )
        if !isKnown, try isFull("failed_handshake WHERE day = ? AND server_name <> ?", day: key.day.daysSinceEpoch) {
            key = key.withoutServerName
        }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO failed_handshake VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET connections = connections + excluded.connections,
                    earliest = min(earliest, excluded.earliest), latest = max(latest, excluded.latest)
                """
        )
        try statement.execute(arguments: key.arguments + count.arguments)
    }

    private func hasRow(_ condition: String, _ arguments: StatementArguments) throws -> Bool {
        let statement = try database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM \(condition))")
        return try Bool.fetchOne(statement, arguments: arguments) ?? false
    }

    private func isFull(_ condition: String, day: Int) throws -> Bool {
        let statement = try database.cachedStatement(sql: "SELECT count(*) FROM \(condition)")
        return try (Int.fetchOne(statement, arguments: [day, Self.other]) ?? 0) >= Self.maximumPerDay
    }
}

extension StrayCount {
    fileprivate var arguments: StatementArguments { [count, earliest.microseconds, latest.microseconds] }
}

extension HandshakeOfDay {
    fileprivate var arguments: StatementArguments {
        [
            day.daysSinceEpoch, PersonalText.escaped(failure.reason.utf8),
            failure.serverName.map { PersonalText.escaped($0.utf8) } ?? "",
            failure.offeredVersion.map { PersonalText.escaped($0.utf8) } ?? "", failure.windows?.rawValue ?? "",
        ]
    }
}
