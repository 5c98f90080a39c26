package import Attribution
internal import GRDB
package import Office

extension Office {
    /// Takes all events of a file, or none.
    ///
    /// - Parameters:
    ///   - fileName: how faults name the file.
    ///   - claimed: what the ledger knows of a receipt that the file has.
    ///   - dryRun: does the same in a transaction that is then undone, so that the report says what would become of each event beside
    ///     the ones before it.
    /// - Throws: ``SubscriptionRefusal`` `file` with all that is wrong, ``OfficeError``.
    package func importSubscriptions(
        _ csv: SubscriptionCSV, fileName: String, claimed: (String) -> ClaimedSignup?, _ rules: SubscriptionRules,
        receipt: @escaping (Timestamp) -> Receipt, by caller: Caller, at time: Timestamp, dryRun: Bool
    ) throws -> SubscriptionImportReport {
        guard csv.faults.isEmpty else {
            throw SubscriptionRefusal.file(fileName, lines: csv.faults.map { "\(fileName):\($0)" })
        }
        func take(_ db: Database) throws -> SubscriptionImportReport {
            var report = SubscriptionImportReport(file: fileName, dryRun: dryRun)
            var faults: [String] = []
            let taking = EventTaking(rules: rules, caller: caller, time: time, receipt: receipt)
            for row in csv.rows {
                do {
                    let signup = row.event.claimed.map { claimed($0) ?? .unknown } ?? .absent
                    let taken = try taking.take(row.event, claimed: signup, db)
                    report.add(taken.report, removes: taken.removes)
                } catch let refusal as SubscriptionRefusal {
                    if faults.count < SubscriptionCSV.maximumFaults { faults.append("\(fileName):\(row.line): \(refusal)") }
                }
            }
            guard faults.isEmpty else { throw SubscriptionRefusal.file(fileName, lines: faults) }
            return report
        }
        guard dryRun else {
            return try change(by: caller, .subscriptionImport, at: time) { db in
                let report = try take(db)
                let new = report.events - report.repeated
                let summary =
                    "\(fileName), new events: \(new), partners of record set: \(report.associated), removed: \(report.removed)"
                return (report, new == 0 ? nil : summary)
            }
        }
        do {
            return try writeUnnoted { db -> SubscriptionImportReport in throw Preview(report: try take(db)) }
        } catch let preview as Preview {
            return preview.report
        }
    }
}

/// Undoes the transaction of a dry run, and brings its report out.
private struct Preview: Error {
    let report: SubscriptionImportReport
}
