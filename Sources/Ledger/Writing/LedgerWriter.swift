package import Attribution
internal import Dispatch
import Foundation
internal import GRDB
package import Logging
internal import Measures
internal import NIOConcurrencyHelpers
internal import Synchronization

/// Appends records to the ledger of a data folder: many records, one sync.
///
/// Drafts are handed over from any thread and wait in a bounded queue. One thread of its own takes all that waits, gives it
/// places, commits it, and then completes each batch in the order in which they came. A batch that was completed with
/// `committed` is on disk; one that was completed with `failed` is not, and its places are given to the next.
package final class LedgerWriter: Recorder {
    private let folder: DataFolderLock
    private let node: String
    private let settings: LedgerSettings
    private let logger: Logger
    let queue: AppendQueue
    private let strays = StrayNotes()
    private let healthy = Atomic(true)
    /// Whether the write-ahead log could be copied, as far as was tried.
    private let copiesLog = Atomic(true)
    private let numbers = NIOLockedValueBox(LedgerStatistics())
    private let thread = DispatchGroup()

    private init(folder: DataFolderLock, node: String, settings: LedgerSettings, logger: Logger) {
        self.folder = folder
        self.node = node
        self.settings = settings
        self.logger = logger
        queue = AppendQueue(maximum: settings.maximumPendingRecords)
    }

    /// Opens the folder's ledger, makes it when there is none, brings its layout up to date, and starts the writer's thread.
    ///
    /// - Parameters:
    ///   - folder: the lock that must be held while the writer is open.
    ///   - node: the name of this server in its records.
    /// - Throws: ``LedgerError`` when the ledger cannot be used, among others because a newer program wrote it.
    package static func open(
        folder: DataFolderLock,
        node: String,
        settings: LedgerSettings = LedgerSettings(),
        logger: Logger = Logger(label: "porter.ledger")
    ) throws -> LedgerWriter {
        let writer = LedgerWriter(folder: folder, node: node, settings: settings, logger: logger)
        try writer.start()
        return writer
    }

    package func append(_ drafts: [RecordDraft], completion: @escaping @Sendable (AppendResult) -> Void) -> Bool {
        guard settings.answersBeforeCommit else { return queue.offer(PendingAppend(drafts: drafts, completion: completion)) }
        guard queue.offer(PendingAppend(drafts: drafts, completion: { _ in })) else { return false }
        completion(.committed)
        return true
    }

    /// Takes an adjustment for the next commit.
    ///
    /// - Returns: whether it is on disk; false as well when the queue has no room.
    package func append(_ adjustment: AdjustmentDraft) async -> Bool {
        await append(later: [adjustment])
    }

    /// Takes associations for the next commit, in their order and all together.
    ///
    /// - Returns: as for an adjustment.
    package func append(_ associations: [AssociationDraft]) async -> Bool {
        await append(later: associations)
    }

    private func append(later entries: [any LaterEntry]) async -> Bool {
        await withCheckedContinuation { continuation in
            let isTaken = queue.offer(PendingAppend(later: entries) { continuation.resume(returning: $0 == .committed) })
            if !isTaken { continuation.resume(returning: false) }
        }
    }

    package func noteUnmatched(path: ArraySlice<UInt8>, time: Timestamp) {
        strays.noteUnmatched(path: path, time: time)
    }

    package func noteFailedHandshake(_ failure: FailedHandshake, time: Timestamp) {
        strays.note(failure, time: time)
    }

    package var isHealthy: Bool { healthy.load(ordering: .relaxed) }

    package var statistics: LedgerStatistics {
        var numbers = numbers.withLockedValue { $0 }
        numbers.queuedRecords = queue.count
        numbers.queueLimit = settings.maximumPendingRecords
        return numbers
    }

    /// Takes no more drafts, commits what waits, writes the derived tables, empties the write-ahead log and ends the thread.
    /// Returns when all of that is done. A second call does nothing.
    package func close() {
        queue.close()
        thread.wait()
    }
}

// MARK: - The writer's thread

extension LedgerWriter {
    /// Everything of SQLite's happens on the thread, so that nothing of it is ever shared.
    private func start() throws {
        let started = DispatchSemaphore(value: 0)
        let failure = NIOLockedValueBox<(any Error)?>(nil)
        thread.enter()
        let body = Thread { [self] in
            defer { thread.leave() }
            do {
                let path = LedgerFile.path(in: folder.folder)
                let database = try LedgerFile.openForWriting(folder: folder.folder)
                try database.inDatabase { database in
                    var engine = try LedgerFile.translatingErrors(path) {
                        try CommitEngine(database, folder: folder.folder, node: node, settings: settings)
                    }
                    numbers.withLockedValue {
                        $0.lastSequence = engine.lastSequence
                        $0.rememberedVisits = engine.rememberedVisits
                    }
                    started.signal()
                    run(&engine)
                }
            } catch {
                failure.withLockedValue { $0 = error }
                started.signal()
            }
        }
        body.name = "ledger"
        body.start()
        started.wait()
        if let error = failure.withLockedValue({ $0 }) { throw error }
    }

    private func run(_ engine: inout CommitEngine) {
        var pacing = CommitPacing(waitMicroseconds: settings.commitWaitMicroseconds)
        var lastUpkeep = DispatchTime.now()
        var load = ProcessorLoad(
            processors: settings.processors, usedNanoseconds: settings.processorNanoseconds, at: lastUpkeep.uptimeNanoseconds)
        let upkeepInterval = DispatchTimeInterval.milliseconds(settings.upkeepMilliseconds)
        while true {
            let patience = isHealthy ? upkeepInterval : .milliseconds(settings.probeMilliseconds)
            queue.wait(for: 1, until: .now() + patience)
            let arrival = DispatchTime.now()
            load.look(at: arrival.uptimeNanoseconds)
            let wait = pacing.wait(load: load.share, at: arrival.uptimeNanoseconds)
            if let wait { queue.wait(for: wait.records, until: arrival + .nanoseconds(wait.nanoseconds)) }
            let (appends, records, isClosed) = queue.takeAll()
            let now = DispatchTime.now()
            if wait != nil { note(wait: now.uptimeNanoseconds - arrival.uptimeNanoseconds) }
            let upkeepIsDue = isClosed || now >= lastUpkeep + upkeepInterval
            if upkeepIsDue { lastUpkeep = now }
            if !appends.isEmpty {
                pacing.noteTake(of: records, at: now.uptimeNanoseconds)
                commit(appends, records: records, upkeepIsDue: upkeepIsDue, &engine)
            } else if !isHealthy, !isClosed {
                attempt { try engine.probe() }
            } else if upkeepIsDue {
                upkeep(&engine)
            }
            if isClosed && appends.isEmpty { break }
            // On a full disk the ledger can grow as little as the log: each probe would try one copy more, and fail.
            if isHealthy { checkpoint(engine) }
        }
        upkeep(&engine)
        do {
            try engine.checkpointAtEnd()
        } catch {
            logger.warning("the ledger's write-ahead log stays for the next start", metadata: ["error": "\(error)"])
        }
    }

    private func note(wait nanoseconds: UInt64) {
        numbers.withLockedValue { $0.companyWaits.note(Int64(nanoseconds)) }
    }

    private func commit(_ appends: [PendingAppend], records: Int, upkeepIsDue: Bool, _ engine: inout CommitEngine) {
        let notes = upkeepIsDue ? strays.takeAll() : StrayNotes.Taken()
        let begin = DispatchTime.now()
        let isCommitted = attempt {
            try engine.commit(appends, notes: notes, writesDerived: upkeepIsDue)
        }
        if isCommitted {
            let took = Int64(DispatchTime.now().uptimeNanoseconds - begin.uptimeNanoseconds)
            numbers.withLockedValue {
                $0.lastSequence = engine.lastSequence
                $0.records += Int64(records)
                $0.commits += 1
                $0.lastCommitMicroseconds = took / 1_000
                $0.commitDurations.note(took)
                $0.commitRecords.note(Int64(records))
                $0.rememberedVisits = engine.rememberedVisits
            }
        }
        for append in appends { append.completion(isCommitted ? .committed : .failed) }
    }

    /// Writes what no record brought along.
    private func upkeep(_ engine: inout CommitEngine) {
        let notes = strays.takeAll()
        guard engine.hasUpkeep || !notes.isEmpty else { return }
        let isCommitted = attempt { try engine.commit([], notes: notes, writesDerived: true) }
        if isCommitted { numbers.withLockedValue { $0.upkeepCommits += 1 } }
    }

    /// Tries a commit and keeps the books about its success.
    @discardableResult
    private func attempt(_ commit: () throws -> Void) -> Bool {
        do {
            try commit()
            if !healthy.exchange(true, ordering: .relaxed) {
                logger.notice("the ledger commits again")
                numbers.withLockedValue { $0.lastFailure = nil }
            }
            return true
        } catch {
            let reason = describe(error)
            if healthy.exchange(false, ordering: .relaxed) {
                logger.error("the ledger cannot commit, sign-ups are answered 503", metadata: ["error": "\(reason)"])
            }
            numbers.withLockedValue {
                $0.failedCommits += 1
                $0.lastFailure = reason
            }
            return false
        }
    }

    private func checkpoint(_ engine: CommitEngine) {
        do {
            guard try engine.checkpointIfDue() == .copied else { return }
            numbers.withLockedValue { $0.checkpoints += 1 }
            if !copiesLog.exchange(true, ordering: .relaxed) { logger.notice("the ledger's write-ahead log is copied again") }
        } catch {
            guard copiesLog.exchange(false, ordering: .relaxed) else { return }
            logger.warning("the ledger's write-ahead log cannot be copied, it grows", metadata: ["error": "\(describe(error))"])
        }
    }

    private func describe(_ error: any Error) -> String {
        if let error = error as? DatabaseError {
            return LedgerError(error, path: LedgerFile.path(in: folder.folder)).description
        }
        return "\(error)"
    }
}
