package import Attribution

/// Some records, the newest first, and where the next ones are.
package struct RecordPage: Sendable {
    package let records: [Attribution.Record]
    /// What the next page goes on before; nil at the ledger's beginning.
    package let next: Int64?
}

extension LedgerReader {
    /// A page of the records that fit, the newest first: each as fast as the first, since it begins where the last one ended.
    ///
    /// - Parameter before: only records before this place.
    /// - Throws: ``LedgerError``, `damagedRecord` when a record can't be read.
    package func page(matching filter: RecordFilter, before: Int64 = .max, limit: Int) throws -> RecordPage {
        let (records, hasMore) = try first(limit, matching: filter, after: 0, before: before, newestFirst: true)
        return RecordPage(records: records.map(\.record), next: hasMore ? records.last?.sequence : nil)
    }

    /// The page that stands before another one: of the records behind a place, the nearest that fit, the newest first.
    ///
    /// - Parameters:
    ///   - after: only records behind this place.
    ///   - before: and before this one.
    /// - Returns: nil when no more than a page of them is there: then it is the first page that goes before.
    /// - Throws: ``LedgerError``, `damagedRecord` when a record can't be read.
    package func page(matching filter: RecordFilter, after: Int64, before: Int64, limit: Int) throws -> RecordPage? {
        let (records, hasMore) = try first(limit, matching: filter, after: after, before: before, newestFirst: false)
        return hasMore ? RecordPage(records: records.reversed().map(\.record), next: records.first?.sequence) : nil
    }

    /// The first records that fit, and whether more do.
    private func first(
        _ limit: Int, matching filter: RecordFilter, after: Int64, before: Int64, newestFirst: Bool
    ) throws -> (records: [(sequence: Int64, record: Attribution.Record)], hasMore: Bool) {
        var records: [(sequence: Int64, record: Attribution.Record)] = []
        var hasMore = false
        try forEachRecord(matching: filter, after: after, before: before, newestFirst: newestFirst) { stored, record in
            guard records.count < limit else {
                hasMore = true
                return false
            }
            guard let record else { throw LedgerError.damagedRecord(file: path, sequence: stored.sequence) }
            records.append((stored.sequence, record))
            return true
        }
        return (records, hasMore)
    }

    /// Places that are looked through for a count: one that lasts would keep its reader waiting.
    private static let countedPlaces: Int64 = 100_000

    /// How many records behind a place fit.
    ///
    /// - Parameters:
    ///   - after: 0 or more.
    ///   - most: counted no further.
    package func count(matching filter: RecordFilter, after: Int64, most: Int) throws -> RecordCount {
        let last = try lastSequence()
        let end = last - after > Self.countedPlaces ? after + Self.countedPlaces : last
        var count = 0
        try forEachRecord(matching: filter, after: after, before: end == .max ? .max : end + 1) { _, _ in
            count += 1
            return count <= most
        }
        return RecordCount(number: min(count, most), isExact: count <= most && end == last)
    }
}

/// How many records fit.
package struct RecordCount: Sendable, Equatable {
    package let number: Int
    /// False: there may be more.
    package let isExact: Bool
}
