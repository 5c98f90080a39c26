package import Attribution
package import Logging

/// Has the ledger get a record of every change of a partner of record, and get it once.
///
/// Office and ledger are two files, which can't commit together. The change stands in the office together with what is to be recorded:
/// it is the outbox. Right after the change, and before anybody is answered, the ledger is handed all that waits, in the order of the
/// changes, and what it has is marked. After a crash between the two, the record's receipt, which was fixed with the change, tells
/// whether the ledger has it: what waits at the start is looked up first, and handed over if it is not there. So neither is for long
/// without the other, and no record comes twice. While the ledger can't commit, changes stand and wait, and the log says so.
package actor AssociationOutbox {
    private let unrecorded: @Sendable () async throws -> WaitingAssociations
    private let isInLedger: @Sendable (Receipt) async throws -> Bool
    private let append: @Sendable ([AssociationDraft]) async -> Bool
    private let markRecorded: @Sendable ([UnrecordedAssociation]) async throws -> Void
    private let backlog: @Sendable () async throws -> AssociationBacklog
    private let now: @Sendable () -> Timestamp
    private let logger: Logger
    /// Whether the ledger may have some of what waits first: at the start, and when marking failed. It is no more than a portion, for
    /// none is handed over before the one ahead of it is marked. As long as some can't be read, nobody knows it of them.
    private var mustLookUp = true
    /// When the log last said that changes wait; nil while none do.
    private var toldAt: Timestamp?
    private var last: Task<Bool, Never>?

    /// How many are handed over at once: a commit's worth.
    package static let portion = 200

    /// How often the log says that changes still wait.
    private static let tellingSeconds: Int64 = 60

    /// The ledger's own lines in the log say why.
    private struct NotCommitted: Error, CustomStringConvertible {
        var description: String { "the ledger could not commit them" }
    }

    /// - Parameters:
    ///   - unrecorded: the first of what waits, ``Office/unrecordedAssociations(limit:)``.
    ///   - isInLedger: whether the ledger has a record of that receipt.
    ///   - append: has records written to the ledger in their order, and says whether they are on disk.
    ///   - markRecorded: ``Office/markRecorded(_:)``.
    ///   - backlog: how much waits, ``Office/associationBacklog()``.
    package init(
        unrecorded: @escaping @Sendable () async throws -> WaitingAssociations,
        isInLedger: @escaping @Sendable (Receipt) async throws -> Bool,
        append: @escaping @Sendable ([AssociationDraft]) async -> Bool,
        markRecorded: @escaping @Sendable ([UnrecordedAssociation]) async throws -> Void,
        backlog: @escaping @Sendable () async throws -> AssociationBacklog,
        now: @escaping @Sendable () -> Timestamp,
        logger: Logger
    ) {
        self.unrecorded = unrecorded
        self.isInLedger = isInLedger
        self.append = append
        self.markRecorded = markRecorded
        self.backlog = backlog
        self.now = now
        self.logger = logger
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
            let damage = try await handOver()
            await tell(damage)
            return damage == nil
        } catch {
            // Also when the ledger says that it has not committed them: a disk that failed may have kept them.
            mustLookUp = true
            await tell("\(error)")
            return false
        }
    }

    /// - Returns: what keeps the rest from being handed over; nil when nothing is left.
    private func handOver() async throws -> String? {
        while true {
            let waiting = try await unrecorded()
            var missing = waiting.entries
            if mustLookUp {
                missing = []
                for entry in waiting.entries {
                    let isThere = try await isInLedger(entry.draft.receipt)
                    if !isThere { missing.append(entry) }
                }
            }
            if !missing.isEmpty {
                guard await append(missing.map(\.draft)) else { throw NotCommitted() }
            }
            if !waiting.entries.isEmpty {
                // From here on the ledger has them, whether or not the marks can be written.
                mustLookUp = true
                try await markRecorded(waiting.entries)
            }
            mustLookUp = waiting.damage != nil
            if waiting.entries.count < Self.portion { return waiting.damage }
        }
    }

    /// Says that changes wait: at once, then from time to time as long as some do; and that the ledger has them.
    private func tell(_ trouble: String?) async {
        guard let trouble else {
            if toldAt != nil { logger.info("the ledger has all changes of partners of record again") }
            toldAt = nil
            return
        }
        let time = now()
        // A clock that was put back is no reason to be silent for as long.
        if let toldAt, abs(time.seconds - toldAt.seconds) < Self.tellingSeconds { return }
        toldAt = time
        var metadata: Logger.Metadata = ["error": "\(trouble)"]
        // Of an office that can't be read nobody knows how many they are.
        if let waiting = try? await backlog() {
            metadata["waiting"] = "\(waiting.changes)"
            metadata["oldest_seconds"] = waiting.oldestSeconds(at: time).map { "\($0)" }
        }
        logger.error("changes of partners of record wait for the ledger", metadata: metadata)
    }
}
