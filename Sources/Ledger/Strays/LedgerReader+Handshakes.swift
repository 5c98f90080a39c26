package import Attribution
internal import GRDB

/// Handshakes that failed in the same way.
package struct FailedHandshakes: Sendable, Equatable {
    /// Its server name is `other` for those of a day that had too many names.
    package let failure: FailedHandshake
    package let connections: Int64
    package let earliest: Timestamp
    package let latest: Timestamp

    package init(failure: FailedHandshake, connections: Int64, earliest: Timestamp, latest: Timestamp) {
        self.failure = failure
        self.connections = connections
        self.earliest = earliest
        self.latest = latest
    }
}

extension LedgerReader {
    /// The handshakes that failed between two UTC days, both included, the most frequent first.
    ///
    /// - Parameter mayBeSignups: only those of clients that look like a Windows release, or that wanted to come in and could not
    ///   agree with us; most of the others are of programs that look around.
    package func failedHandshakes(
        from first: CalendarDay, through last: CalendarDay, mayBeSignups: Bool = false, limit: Int
    ) throws -> [FailedHandshakes] {
        let wanted = HandshakeFailure.allCases.filter(\.isDisagreement).map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT reason, server_name, offered_version, windows, sum(connections), min(earliest), max(latest)
                    FROM failed_handshake
                    WHERE day >= ? AND day <= ? \(mayBeSignups ? "AND (windows <> '' OR reason IN (\(wanted)))" : "")
                    GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 2, 3, 4 LIMIT ?
                    """,
                arguments: [first.daysSinceEpoch, last.daysSinceEpoch, limit]
            ).map(FailedHandshakes.init)
        }
    }
}

extension FailedHandshakes {
    fileprivate init(_ row: Row) {
        func text(_ column: Int) -> String? { (row[column] as String).nilIfEmpty }
        self.init(
            failure: FailedHandshake(
                reason: row[0], serverName: text(1), offeredVersion: text(2),
                windows: text(3).flatMap(WindowsGeneration.init(rawValue:))),
            connections: row[4], earliest: Timestamp(microseconds: row[5]), latest: Timestamp(microseconds: row[6]))
    }
}

extension String {
    /// Tables have the empty text where there is none.
    fileprivate var nilIfEmpty: String? { isEmpty ? nil : self }
}
