package import Attribution
internal import GRDB

/// A well-formed ID that sign-ups brought and the directory did not have.
package struct UnknownID: Sendable, Equatable {
    package let id: PartnerID
    package let requests: Int64
}

/// A path that no route matches: a mistyped URL in an image shows up here.
package struct UnmatchedPath: Sendable, Equatable {
    /// As sent, cut; `other` for those of a day that had too many.
    package let path: String
    package let requests: Int64
    package let latest: Timestamp
}

extension LedgerReader {
    /// The IDs that sign-ups brought most often and nobody has, between two UTC days, both included.
    package func unknownIDs(from first: CalendarDay, through last: CalendarDay, limit: Int) throws -> [UnknownID] {
        var requests: [PartnerID: Int64] = [:]
        let index = searchIndex()
        if let index {
            let rows = try? index.read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT id, sum(requests) FROM unknown_id WHERE day >= ? AND day <= ? AND id <> ''
                        GROUP BY id ORDER BY 2 DESC LIMIT ?
                        """,
                    arguments: [first.description, last.description, 4 * limit])
            }
            for row in rows ?? [] {
                if let id = PartnerID(row[0] as String) { requests[id] = row[1] }
            }
        }
        var filter = RecordFilter()
        filter.outcome = .unknown
        (filter.since, filter.until) = (first.start, last.next.start)
        let indexed = ((try? index?.segments()) ?? 0) * Int64(SearchSegment.records)
        try forEachRecord(matching: filter, after: indexed) { _, record in
            if let id = record?.text(.partner).flatMap({ PartnerID($0) }) { requests[id, default: 0] += 1 }
            return true
        }
        return requests.map { UnknownID(id: $0.key, requests: $0.value) }
            .sorted { ($0.requests, $1.id.number) > ($1.requests, $0.id.number) }.prefix(limit).map { $0 }
    }

    /// The paths that were asked for most often and lead nowhere, between two UTC days, both included.
    package func unmatchedPaths(from first: CalendarDay, through last: CalendarDay, limit: Int) throws -> [UnmatchedPath] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT path, sum(requests), max(latest) FROM unmatched_path WHERE day >= ? AND day <= ?
                    GROUP BY path ORDER BY 2 DESC, path LIMIT ?
                    """,
                arguments: [first.daysSinceEpoch, last.daysSinceEpoch, limit]
            ).map { UnmatchedPath(path: $0[0], requests: $0[1], latest: Timestamp(microseconds: $0[2])) }
        }
    }
}
