package import Attribution
package import Dispatch
import Foundation
internal import GRDB
package import Logging
internal import NIOConcurrencyHelpers

/// Fills `search.db` behind the writer, on a thread of its own: segments as soon as they are full, days once they are over.
package final class SearchIndexer: Sendable {
    /// How far the index is.
    package struct Progress: Sendable, Equatable {
        /// The last record that can be looked up without reading the ledger; those behind are read through.
        package var indexedThrough: Int64 = 0
        /// The ledger's last record when the indexer last looked.
        package var lastSequence: Int64 = 0
        /// Whether it has looked at the ledger at all: until then the other numbers say nothing.
        package var hasLooked = false
        /// Why the index does not grow; nil when it does, also while much is missing.
        package var lastFailure: String?

        /// Records that wait to be indexed; less than a segment is as good as none.
        package var lag: Int64 { lastSequence - indexedThrough }
    }

    private let folder: String
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let interval: DispatchTimeInterval
    private let state = NIOLockedValueBox(State())
    private let wake = DispatchSemaphore(value: 0)
    private let thread = DispatchGroup()

    private struct State {
        var progress = Progress()
        /// What has failed and not succeeded since.
        var failedAt: IndexingWork.Part?
        var isEnding = false
    }

    /// Between two portions of work the front door's threads get the processor, however few there are.
    private static let restMicroseconds: UInt32 = 1_000
    /// An index that is further behind does not rest: what waits to be indexed is read through by each look-up.
    private static let restingLag = 4 * Int64(SearchSegment.records)

    /// - Parameters:
    ///   - folder: the data folder; the caller holds its lock.
    ///   - now: by which days are over.
    ///   - interval: how often is looked for what is new. Looking costs two reads of a row.
    package init(
        folder: String, logger: Logger, now: @escaping @Sendable () -> Timestamp,
        interval: DispatchTimeInterval = .milliseconds(500)
    ) {
        self.folder = folder
        self.logger = logger
        self.now = now
        self.interval = interval
    }

    package var progress: Progress { state.withLockedValue { $0.progress } }

    /// Begins to index. Failures are logged and tried again: without an index all answers are the same, and slower.
    package func start() {
        thread.enter()
        let body = Thread { [self] in
            defer { thread.leave() }
            // Where there are few processors, sign-ups would otherwise wait for whole portions of work.
            ThreadPriority.lowest.take()
            run()
        }
        body.name = "search"
        body.start()
    }

    /// Ends after the portion at hand; returns when the file is closed.
    package func end() {
        state.withLockedValue { $0.isEnding = true }
        wake.signal()
        thread.wait()
    }

    private var isEnding: Bool { state.withLockedValue { $0.isEnding } }

    private func run() {
        var work: IndexingWork?
        // Made anew, and not yet complete: what is damaged again then is the disk, and making it anew once more does not help.
        var isAnew = false
        while !isEnding {
            do {
                if work == nil { work = try IndexingWork(folder: folder, logger: logger) }
                var done = IndexingWork.Done.records
                while !isEnding, done != .nothingToDo {
                    done = try work!.doNext(now: now())
                    note(done, of: work!)
                    if done != .nothingToDo, progress.lag <= Self.restingLag { usleep(Self.restMicroseconds) }
                }
                if done == .nothingToDo { isAnew = false }
            } catch {
                noteFailure("\(error)", of: work?.part ?? .segments)
                work = nil
                // The index's own: errors of the ledger's have another type.
                if (error as? DatabaseError)?.resultCode == .SQLITE_CORRUPT, !isAnew { isAnew = makeAnew() }
            }
            _ = wake.wait(timeout: .now() + interval)
        }
    }

    /// What is damaged in the middle of the file is met only when it is read.
    ///
    /// - Returns: whether the file is gone. It grows from nothing then, however long that takes.
    private func makeAnew() -> Bool {
        do {
            try SearchFile.remove(folder: folder, which: .wasDamaged, logger)
            state.withLockedValue { state in
                state.progress.indexedThrough = 0
                state.progress.lastFailure = nil
                state.failedAt = nil
            }
            return true
        } catch {
            // Tried again with the next look. That the index does not grow, and why, was said; two reasons would take turns in the log.
            return false
        }
    }

    /// A failure is over when what failed succeeds: a segment can be gathered before it turns out that it can't be written, and it
    /// can be written when a day can't. Days come after all segments.
    private func note(_ done: IndexingWork.Done, of work: IndexingWork) {
        let hadFailed = state.withLockedValue { state in
            state.progress.indexedThrough = work.segments * Int64(SearchSegment.records)
            state.progress.lastSequence = work.lastSequence
            state.progress.hasLooked = true
            guard let failed = state.failedAt, done != .records, !(done == .segment && failed == .days) else { return false }
            state.failedAt = nil
            state.progress.lastFailure = nil
            return true
        }
        if hadFailed { logger.notice("the search index grows again") }
    }

    private func noteFailure(_ reason: String, of part: IndexingWork.Part) {
        let isNew = state.withLockedValue { state in
            defer {
                state.progress.lastFailure = reason
                state.failedAt = part
            }
            return state.progress.lastFailure != reason
        }
        if isNew {
            logger.warning("the search index does not grow, look-ups become slower", metadata: ["error": "\(reason)"])
        }
    }
}
