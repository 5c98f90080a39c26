import Attribution
import Ledger
import Office

/// Where admins attribute records after the fact: one at a time, so that two never adjust one record from the same state.
package actor AdjustmentDesk {
    private let office: Office
    private let ledger: LedgerDesk
    private let now: @Sendable () -> Timestamp
    private let receipt: @Sendable (Timestamp) -> Receipt
    private let append: @Sendable (AdjustmentDraft) async -> Bool
    private var last: Task<Receipt, any Error>?

    init(
        office: Office,
        ledger: LedgerDesk,
        now: @escaping @Sendable () -> Timestamp,
        receipt: @escaping @Sendable (Timestamp) -> Receipt,
        append: @escaping @Sendable (AdjustmentDraft) async -> Bool
    ) {
        self.office = office
        self.ledger = ledger
        self.now = now
        self.receipt = receipt
        self.append = append
    }

    /// Makes an adjustment; returns when it is on disk.
    ///
    /// - Parameter partner: nil takes an earlier adjustment back.
    /// - Returns: the adjustment's own receipt.
    /// - Throws: ``AdjustmentRefusal``.
    func adjust(_ signup: Receipt, partner: PartnerID?, note: String, by caller: Caller) async throws -> Receipt {
        // An actor's work can be interleaved where it waits; each adjustment waits for the one before it instead.
        let before = last
        let task = Task { [office, ledger, now, receipt, append] in
            _ = try? await before?.value
            let time = now()
            let draft = try await ledger.read { reader in
                try Adjustment(of: signup, partner: partner, note: note, by: caller)
                    .notedDraft(reader, office, receipt: receipt(time), time: time)
            }
            guard await append(draft) else { throw AdjustmentRefusal.notCommitted }
            return draft.receipt
        }
        last = task
        return try await task.value
    }
}
