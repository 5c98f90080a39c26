internal import Attribution
internal import GRDB

extension LedgerReader {
    /// Counts as of one moment: what the counters have, and a recount of the records that they do not have yet.
    ///
    /// - Throws: ``CountQueryError/offQuarterHours(zone:day:)`` when a period of the zone begins within a quarter hour that has
    ///   counts, or the answer would be too long; ``LedgerError``.
    package func counts(_ query: CountQuery) throws -> CountTable { try counts([query])[0] }

    /// The same for several questions, all as of one moment.
    package func counts(_ queries: [CountQuery]) throws -> [CountTable] {
        if let index = searchIndex() {
            do {
                return try counts(queries, index)
            } catch let error as CountQueryError {
                throw error
            } catch {
                // An index that can't be read is as good as none.
            }
        }
        return try counts(queries, nil)
    }

    private func counts(_ queries: [CountQuery], _ index: SearchIndex?) throws -> [CountTable] {
        try read { database in
            let moment = CountMoment(
                database: database, tail: try recountTail(database), adjustments: try DerivedState.adjustments(database))
            guard let index else { return try queries.map { try moment.counts($0) } }
            return try index.readArchive { archive, numbers in
                var archived = try ArchivedMoment(moment, archive, numbers)
                return try queries.map { try archived.counts($0) ?? moment.counts($0) }
            }
        }
    }

    /// Whether a record was ever adjusted. What shows adjustments has columns for them from then on.
    package func hasAdjustments() throws -> Bool {
        try read { try recountTail($0).adjustments + DerivedState.adjustments($0) > 0 }
    }

    /// Whether a partner of record was ever recorded. What shows records has columns for associations from then on.
    package func hasAssociations() throws -> Bool {
        try read { try recountTail($0).associations + DerivedState.associations($0) > 0 }
    }

    /// The counts of the records behind `counted_through`.
    func recountTail(_ database: Database) throws -> CounterAggregate {
        var aggregate = CounterAggregate()
        let tail = try StoredRecord.fetchCursor(database, after: DerivedState.countedThrough(database))
        while let stored = try tail.next() {
            guard let record = stored.record, let counted = CountedRecord(record, partnerIsListed: stored.partnerIsListed)
            else { throw LedgerError.damagedRecord(file: path, sequence: stored.sequence) }
            try aggregate.prepare(campaign: counted.key.campaign, on: counted.time.day) { day in
                try CounterTables(database: database).campaigns(on: day)
            }
            aggregate.fold(counted)
        }
        return aggregate
    }
}
