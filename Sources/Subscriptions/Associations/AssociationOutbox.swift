package import Attribution
internal import GRDB
package import Office

/// Has the ledger get a record of every change of a partner of record, and get it once.
///
/// Office and ledger are two files, which can't commit together. The change stands in the office together with what is to be recorded:
/// it is the outbox. Right after the change, and before anybody is answered, the ledger is handed all that waits, in the order of the
/// changes, and what it has is marked. After a crash between the two, the record's receipt, which was fixed with the change, tells
/// whether the ledger has it: what waits at the start is looked up first, and handed over if it is not there. So neither is for long
/// without the other, and no record comes twice. While the ledger can't commit, changes stand and wait.
package actor AssociationOutbox {
    private let unrecorded: @Sendable () async throws -> [UnrecordedAssociation]
    private let isInLedger: @Sendable (Receipt) async throws -> Bool
    private let append: @Sendable ([AssociationDraft]) async -> Bool
    private let markRecorded: @Sendable ([UnrecordedAssociation]) async throws -> Void
    /// Whether the ledger may have some of what waits first: at the start, and when marking failed. It is no more than a portion, for
    /// none is handed over before the one ahead of it is marked.
    private var mustLookUp = true
    private var last: Task<Bool, Never>?

    /// How many are handed over at once: a commit's worth.
    package static let portion = 200

    /// - Parameters:
    ///   - unrecorded: the first of what waits, ``Office/unrecordedAssociations(limit:)``.
    ///   - isInLedger: whether the ledger has a record of that receipt.
    ///   - append: has records written to the ledger in their order, and says whether they are on disk.
    ///   - markRecorded: ``Office/markRecorded(_:)``.
    package init(
        unrecorded: @escaping @Sendable () async throws -> [UnrecordedAssociation],
        isInLedger: @escaping @Sendable (Receipt) async throws -> Bool,
        append: @escaping @Sendable ([AssociationDraft]) async -> Bool,
        markRecorded: @escaping @Sendable ([UnrecordedAssociation]) async throws -> Void
    ) {
        self.unrecorded = unrecorded
        self.isInLedger = isInLedger
        self.append = append
        self.markRecorded = markRecorded
    }

    /// Hands over all that waits. One at a time: whoever asks waits for those who asked before, who may have handed theirs over.
    ///
    /// - Returns: whether nothing waits any more of what stood before the call.
    @discardableResult
    package func drain() async -> Bool {
        let before = last
        let task = Task {
            _ = await before?.value
            return await drainOnce()
        }
        last = task
        return await task.value
    }

    private func drainOnce() async -> Bool {
        do {
            while true {
                let waiting = try await unrecorded()
                if waiting.isEmpty { break }
                var missing = waiting
                if mustLookUp {
                    missing = []
                    for entry in waiting {
                        let isThere = try await isInLedger(entry.draft.receipt)
                        if !isThere { missing.append(entry) }
                    }
                }
                if !missing.isEmpty {
                    guard await append(missing.map(\.draft)) else { return false }
                }
                // From here on the ledger has them, whether or not the marks can be written.
                mustLookUp = true
                try await markRecorded(waiting)
                mustLookUp = false
                if waiting.count < Self.portion { break }
            }
            mustLookUp = false
            return true
        } catch {
            mustLookUp = true
            return false
        }
    }
}

/// A change that waits for the ledger.
package struct UnrecordedAssociation: Sendable {
    let id: Int64
    package let draft: AssociationDraft
}

extension Office {
    /// The first changes that wait for the ledger, in their order.
    package func unrecordedAssociations(limit: Int) throws -> [UnrecordedAssociation] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT id, \(AssociationRow.columns) FROM association WHERE is_recorded = 0 ORDER BY id LIMIT ?",
                arguments: [limit]
            ).map { row in
                let change = try AssociationRow.change(row)
                // Of the subscription only what never changes and its channel is recorded.
                let subscription = try SubscriptionRow.required(change.subscription, db)
                return UnrecordedAssociation(id: row["id"], draft: change.draft(of: subscription))
            }
        }
    }

    /// Marks changes whose records the ledger has. Nobody did anything: their lines in the access log came with the changes.
    package func markRecorded(_ recorded: [UnrecordedAssociation]) throws {
        try writeUnnoted { db in
            for entry in recorded {
                try db.cachedStatement(sql: "UPDATE association SET is_recorded = 1 WHERE id = ?").execute(arguments: [entry.id])
            }
        }
    }
}
