package import Attribution
import GRDB

extension Office {
    /// Adds and changes the partners of a CSV file; partners that it does not name stay as they are.
    ///
    /// All or nothing. A file that changes anything makes exactly one new directory version, one that changes nothing none.
    /// Columns that the file does not have keep their values.
    ///
    /// - Parameters:
    ///   - fileName: how errors name the file.
    ///   - source: what the history says about where the change came from; cut to ``maximumSourceScalars``.
    ///   - caller: who imports it, for the access log.
    ///   - time: when we learn it.
    ///   - dryRun: only report what would change. Nothing is written then: who shows the report, which says what partners are
    ///     now, notes that as a read.
    ///   - versions: the directory's versions that the change may be made from; nil: any. With the version that a dry run was
    ///     based on, nothing else is changed than it reported.
    ///   - listing: which of the added and changed partners the report lists.
    /// - Throws: ``ImportRefusal`` with all that is wrong with the file, or ``OfficeError`` `changed-meanwhile` or `storage`.
    package func importPartners(
        csv: [UInt8], fileName: String, source: String, by caller: Caller, at time: Timestamp, dryRun: Bool = false,
        basedOn versions: Set<Int>? = nil, listing: Range<Int> = 0..<DirectoryReport.maximumListed
    ) throws -> DirectoryReport {
        let file = PartnerCSV(csv)
        return try changeDirectory(
            source: source, by: caller, .partnerImport, fileName, at: time, dryRun: dryRun, listing: listing
        ) { plan, db in
            let current = try Self.currentVersion(db)
            guard versions?.contains(current) ?? true else {
                throw OfficeError(
                    .changedMeanwhile,
                    "the directory has changed since, its version is \(current) now; look again at what the import would change",
                    Mistake(.directoryChanged))
            }
            var problems = CSVProblems()
            for row in file.rows {
                let existing = try PartnerState.current(row.change.id, db)
                do throws(PartnerChange.Refusal) {
                    try plan.add(row.change, existing: existing)
                } catch {
                    for fault in error.faults { problems.add(row.line, fault.message, fault.mistake) }
                }
            }
            let all = file.problems.merged(with: problems)
            guard all.isEmpty else { throw ImportRefusal(fileName: fileName, problems: all) }
        }
    }

    /// Changes one partner, or adds it when the change names at least its name and its status.
    ///
    /// - Parameters:
    ///   - caller: who changes it, for the access log.
    ///   - dryRun: as with an import.
    ///   - condition: judged in the same transaction: of two who edit the same state, one is refused.
    /// - Throws: ``OfficeError`` `unknown-partner`, `invalid-partner`, `changed-meanwhile` or `storage`.
    package func setPartner(
        _ partnerChange: PartnerChange, source: String, by caller: Caller, at time: Timestamp, dryRun: Bool = false,
        onlyIf condition: PartnerCondition = .none
    ) throws -> DirectoryReport {
        try changeDirectory(
            source: source, by: caller, .partnerChange, partnerChange.id.description, at: time, dryRun: dryRun
        ) { plan, db in
            try condition.require(of: partnerChange.id, db)
            let existing = try PartnerState.current(partnerChange.id, db)
            guard existing != nil || partnerChange.canAdd else {
                throw OfficeError(
                    .unknownPartner,
                    "partner \(partnerChange.id) is not in the directory; give its name and its status to add it",
                    Mistake(.partnerUnknown, "\(partnerChange.id)"))
            }
            do throws(PartnerChange.Refusal) {
                try plan.add(partnerChange, existing: existing)
            } catch {
                throw OfficeError(
                    .invalidPartner, "partner \(partnerChange.id): " + error.faults.map(\.message).joined(separator: "; "),
                    mistakes: error.faults.map(\.mistake))
            }
        }
    }

    /// The history's note on where a change came from is a file's name or a command, not a text.
    package static let maximumSourceScalars = 200

    private func changeDirectory(
        source: String, by caller: Caller, _ action: AccessEntry.Action, _ what: String, at time: Timestamp, dryRun: Bool,
        listing: Range<Int> = 0..<DirectoryReport.maximumListed,
        _ body: (inout DirectoryPlan, Database) throws -> Void
    ) throws -> DirectoryReport {
        let source = Self.cutSource(source)
        func plan(_ db: Database) throws -> DirectoryPlan {
            var plan = DirectoryPlan(source: source, dryRun: dryRun, listing: listing)
            try body(&plan, db)
            try plan.complete(db)
            return plan
        }
        if dryRun { return try read { try plan($0).report } }
        return try change(by: caller, action, at: time) { db in
            var plan = try plan(db)
            try plan.carryOut(at: time, db)
            return (plan.report, plan.report.directoryVersion.map { "\(what), directory version \($0)" })
        }
    }
}

extension PartnerChange {
    /// Whether the change says enough to add a partner.
    package var canAdd: Bool {
        var (hasName, hasStatus) = (false, false)
        for edit in edits {
            switch edit {
            case .name: hasName = true
            case .status: hasStatus = true
            default: break
            }
        }
        return hasName && hasStatus
    }
}
