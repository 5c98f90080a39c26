internal import Attribution
internal import GRDB

extension LedgerReader {
    /// Records in one portion: their fields are held together. Portions are of records and not of places, so that a gap of any
    /// size costs nothing.
    private static let verifyPageRecords = 2_000

    /// Reads the whole ledger and looks for everything that is not as it must be: places without gaps from 1, leaves that can
    /// be read and have their hashes, personal fields that have theirs unless erased, receipts that are each other's only
    /// once, counters that equal a recount, sound tables.
    ///
    /// A server may go on writing meanwhile. What it cannot see:
    ///
    /// - records cut off the end before anything derived from them was written, and a forger who computes all hashes anew;
    ///   signed checkpoints are there for those;
    /// - a changed `listed` of a record that the counters do not have yet. It is in no leaf and under no hash, only the
    ///   counters that were made with it tell; those made later agree with the changed one.
    ///
    /// - Parameter progress: called now and then with the last place read and the last there is.
    package func verify(progress: (_ sequence: Int64, _ last: Int64) -> Void = { _, _ in }) throws -> VerifyReport {
        var report = VerifyReport()
        let recount = try LedgerFile.translatingErrors("the temporary folder") { try Recount() }
        do {
            try checkTables(&report)
            try checkBeginning(&report)
            var isBehind = true
            while isBehind {
                var last: Int64 = 0
                isBehind = try read { database in
                    last = try Self.lastSequence(database)
                    let countedThrough = try DerivedState.countedThrough(database)
                    return try checkPage(database, upTo: countedThrough, counting: true, recount, &report)
                }
                if isBehind { progress(report.lastSequence, last) }
            }
            // The rest is read together with the tables, so that both are of one moment.
            try read { database in
                let countedThrough = try DerivedState.countedThrough(database)
                while try checkPage(database, upTo: countedThrough, counting: true, recount, &report) {}
                try checkDerived(database, countedThrough: countedThrough, recount, &report)
                while try checkPage(database, upTo: .max, counting: false, recount, &report) {}
            }
        } catch LedgerError.storage(_, let reason) {
            report.add(.storage, nil, "reading behind record \(report.lastSequence): \(reason)")
        }
        return report
    }

    /// The small tables as SQLite sees them. The big one is read row by row anyhow.
    private func checkTables(_ report: inout VerifyReport) throws {
        let tables = ["state", "span", "seen_visit", "counter", "place_counter", "unmatched_path", "failed_handshake"]
        for table in tables {
            let answers = try read { try String.fetchAll($0, sql: "PRAGMA quick_check('\(table)')") }
            for answer in answers where answer != "ok" {
                report.add(.storage, nil, "table \(table): \(TerminalText.escaped(answer))")
            }
        }
    }

    /// Places are counted from 1; what stands before is read by no command.
    private func checkBeginning(_ report: inout VerifyReport) throws {
        let strangers = try read { try Int64.fetchAll($0, sql: "SELECT seq FROM record WHERE seq < 1 ORDER BY seq LIMIT 10") }
        for sequence in strangers { report.add(.misplaced, sequence, "the ledger's first place is 1") }
    }

    /// Checks the next records behind the last one, up to a place, which may be far behind the end.
    ///
    /// - Returns: whether the portion was full, so that there may be more.
    private func checkPage(
        _ database: Database,
        upTo bound: Int64,
        counting: Bool,
        _ recount: Recount,
        _ report: inout VerifyReport
    ) throws -> Bool {
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT \(StoredRecord.columns) FROM record WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
            arguments: [report.lastSequence, bound, Self.verifyPageRecords]
        )
        var count = 0
        var readable: [(sequence: Int64, receipt: Receipt, counted: CountedRecord)] = []
        while let row = try rows.next() {
            count += 1
            let stored = try StoredRecord(row)
            if stored.sequence != report.lastSequence + 1 {
                report.add(.gap, stored.sequence, "the record before it is \(report.lastSequence), those between are missing")
            }
            report.lastSequence = stored.sequence
            report.records += 1
            if let (receipt, counted) = RecordCheck.check(stored, report: &report) {
                readable.append((stored.sequence, receipt, counted))
            }
        }
        try recount.add(readable, counting: counting, report: &report)
        return count == Self.verifyPageRecords
    }

    private func checkDerived(
        _ database: Database,
        countedThrough: Int64,
        _ recount: Recount,
        _ report: inout VerifyReport
    ) throws {
        if countedThrough > report.lastSequence {
            report.add(.progress, nil, "\(countedThrough) records were counted, the ledger ends at \(report.lastSequence)")
        }
        let adjustments = try DerivedState.adjustments(database)
        if adjustments != recount.adjustments {
            report.add(.counter, nil, "\(adjustments) adjustments were counted, the ledger has \(recount.adjustments)")
        }
        let associations = try DerivedState.associations(database)
        if associations != recount.associations {
            report.add(.counter, nil, "\(associations) associations were counted, the ledger has \(recount.associations)")
        }
        let spans = try Row.fetchAll(database, sql: "SELECT * FROM span ORDER BY first_seq").map(SequenceSpan.init)
        if spans != recount.spans {
            report.add(.span, nil, "the times of the stretches of seq are not those of their records")
        }
        // Last: these can be so many that no other finding would be kept.
        try recount.compare(with: database, report: &report)
    }
}
