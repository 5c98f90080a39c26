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
        // Both as of one moment: a segment that is indexed in between would be in neither.
        let counted = try? searchIndex()?.read { database in
            var requests: [UInt64: Int64] = [:]
            try UnknownIDs(database: database).forEach(from: first, through: last) { requests[$0, default: 0] += $1 }
            requests[UnknownIDs.other] = nil
            return (requests: requests, segments: try SearchIndex.segments(database))
        }
        var requests = counted?.requests ?? [:]
        var filter = RecordFilter()
        filter.outcome = .unknown
        (filter.since, filter.until) = (first.start, last.next.start)
        let indexed = (counted?.segments ?? 0) * Int64(SearchSegment.records)
        try forEachRecord(matching: filter, after: indexed) { _, record in
            if let id = record?.text(.partner).flatMap({ PartnerID($0) }) { requests[id.number, default: 0] += 1 }
            return true
        }
        var most: [UnknownID] = []
        for (number, requests) in requests where most.count < limit || requests >= most.last?.requests ?? 0 {
            guard let id = PartnerID(number) else { continue }
            let place = most.firstIndex { ($0.requests, id.number) < (requests, $0.id.number) } ?? most.count
            most.insert(UnknownID(id: id, requests: requests), at: place)
            if most.count > limit { most.removeLast() }
        }
        return most
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
