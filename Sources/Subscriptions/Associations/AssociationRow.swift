internal import Attribution
internal import GRDB
internal import Office

/// How the history is written in the table `association`, and the one way in which a partner of record changes.
enum AssociationRow {
    static let columns = """
        subscription, number, time, origin, actor, partner, replaces, program, evidence, signup, note, conflict, directory_version,
        receipt, is_recorded
        """

    /// Why and by whom something is changed.
    struct Cause {
        let origin: AssociationOrigin
        let actor: String
        var signup: String?
        var note: String?
        /// That it is a decision on.
        var conflict: Int64?
    }

    static func change(_ row: Row) throws -> AssociationChange {
        var association: PartnerOfRecord?
        if let number = row["partner"] as Int64? {
            association = PartnerOfRecord(
                partner: try SubscriptionRow.partner(number),
                program: try (row["program"] as String?).map { try SubscriptionRow.word($0) },
                evidence: try SubscriptionRow.word(row["evidence"]))
        }
        guard let receipt = Receipt(row["receipt"] as String) else { throw SubscriptionRow.damaged("a receipt that is none") }
        return AssociationChange(
            subscription: row["subscription"], number: row["number"], time: Timestamp(microseconds: row["time"]),
            origin: try SubscriptionRow.word(row["origin"]), actor: row["actor"], association: association,
            replaces: try (row["replaces"] as Int64?).map(SubscriptionRow.partner), signup: row["signup"], note: row["note"],
            conflict: row["conflict"], directoryVersion: row["directory_version"], receipt: receipt,
            isRecorded: row["is_recorded"])
    }

    /// A change that the subscription's history has.
    static func required(_ number: Int, of subscription: String, _ db: Database) throws -> AssociationChange {
        let row = try Row.fetchOne(
            db, sql: "SELECT \(columns) FROM association WHERE subscription = ? AND number = ?",
            arguments: [subscription, number])
        guard let row else { throw SubscriptionRow.damaged("a change that its history does not have") }
        return try change(row)
    }

    /// Sets or removes the partner of record within a transaction: the subscription's row with its next version, the next number of
    /// its history, which waits for the ledger from then on, and what follows from it.
    ///
    /// - Parameters:
    ///   - next: nil removes it.
    ///   - subscription: as it is in the same transaction; gets what it is then.
    ///   - receipt: of the ledger's record, made for `time`.
    @discardableResult
    static func set(
        _ next: PartnerOfRecord?, of subscription: inout Subscription, _ cause: Cause, receipt: Receipt, at time: Timestamp,
        _ db: Database
    ) throws -> AssociationChange {
        let replaces = subscription.association?.partner
        subscription.association = next
        subscription.version += 1
        subscription.changes += 1
        try SubscriptionRow.write(subscription, db)
        let change = AssociationChange(
            subscription: subscription.id, number: subscription.changes, time: time, origin: cause.origin, actor: cause.actor,
            association: next, replaces: replaces, signup: cause.signup, note: cause.note, conflict: cause.conflict,
            directoryVersion: try Office.currentVersion(db), receipt: receipt, isRecorded: false)
        let partner: Int64? = next.map { SubscriptionRow.number($0.partner) }
        let replaced: Int64? = replaces.map { SubscriptionRow.number($0) }
        try db.cachedStatement(
            sql: "INSERT INTO association (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            change.subscription, change.number, time.microseconds, change.origin.rawValue, change.actor,
            partner, replaced, next?.program?.rawValue, next?.evidence.rawValue, change.signup, change.note,
            change.conflict, change.directoryVersion, receipt.description, 0,
        ])
        try AssociationFollowUp.run(change, of: subscription, db)
        return change
    }
}
