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
        /// Why the index does not grow; nil when it does.
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
        var isAnew = false
        while !isEnding {
            do {
                if work == nil { work = try IndexingWork(folder: folder) }
                while !isEnding, try work!.doNext(now: now()) {
                    noteProgress(of: work!)
                    if progress.lag <= Self.restingLag { usleep(Self.restMicroseconds) }
                }
                noteProgress(of: work!)
                if !isEnding { noteSuccess() }
            } catch {
                work = nil
                noteFailure("\(error)")
                if (error as? DatabaseError)?.resultCode == .SQLITE_CORRUPT, !isAnew {
                    makeAnew()
                    isAnew = true
                }
            }
            _ = wake.wait(timeout: .now() + interval)
        }
    }

    /// What is damaged in the middle of the file is met only when it is read. Once is enough: what is still damaged then is the
    /// ledger, or the disk. An index that is made anew grows, however long it takes.
    private func makeAnew() {
        do {
            try SearchFile.remove(folder: folder)
            state.withLockedValue { $0.progress.lastFailure = nil }
            logger.notice("the search index was damaged and is made anew")
        } catch {
            noteFailure("\(error)")
        }
    }

    private func noteProgress(of work: IndexingWork) {
        state.withLockedValue { state in
            state.progress.indexedThrough = work.segments * Int64(SearchSegment.records)
            state.progress.lastSequence = work.lastSequence
            state.progress.hasLooked = true
        }
    }

    /// All was done that there was. Not sooner: a segment is gathered before it turns out that it can't be written, and the next
    /// one may well be when a day can't.
    private func noteSuccess() {
        let hadFailed = state.withLockedValue { state in
            defer { state.progress.lastFailure = nil }
            return state.progress.lastFailure != nil
        }
        if hadFailed { logger.notice("the search index grows again") }
    }

    private func noteFailure(_ reason: String) {
        let isNew = state.withLockedValue { state in
            defer { state.progress.lastFailure = reason }
            return state.progress.lastFailure != reason
        }
        if isNew {
            logger.warning("the search index does not grow, look-ups become slower", metadata: ["error": "\(reason)"])
        }
    }
}
