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
        var records: [Attribution.Record] = []
        var last: Int64?
        var hasMore = false
        try forEachRecord(matching: filter, before: before, newestFirst: true) { stored, record in
            guard records.count < limit else {
                hasMore = true
                return false
            }
            guard let record else { throw LedgerError.damagedRecord(file: path, sequence: stored.sequence) }
            records.append(record)
            last = stored.sequence
            return true
        }
        return RecordPage(records: records, next: hasMore ? last : nil)
    }
}
