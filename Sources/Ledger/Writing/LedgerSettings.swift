import Foundation

/// What the writer can be told. The defaults are for service; tests inject randomness, processor time and faults.
package struct LedgerSettings: Sendable {
    /// Records that may wait for a commit; beyond, ``LedgerWriter`` takes no more.
    package var maximumPendingRecords = AppendQueue.maximumRecords
    /// The longest that a commit waits for company; 0 never waits.
    package var commitWaitMicroseconds = CommitPacing.maximumWaitMicroseconds
    /// How many processors the process may use: the busier they are, the longer commits wait for company.
    package var processors = ProcessInfo.processInfo.activeProcessorCount
    /// Tells how many nanoseconds of their time it has used.
    package var processorNanoseconds: @Sendable () -> UInt64 = { ProcessorLoad.processNanoseconds() }
    /// How often notes and counters are written when no record brings them along.
    package var upkeepMilliseconds = 5_000
    /// How often a ledger that cannot commit tries whether it can again.
    package var probeMilliseconds = 1_000
    /// Visits of one day that are remembered to recognise repeats.
    package var maximumRememberedVisits = RepeatedVisits.maximumRemembered
    /// Fills a buffer with random bytes for salts and keys.
    package var randomBytes: @Sendable (UnsafeMutableRawBufferPointer) -> Void = { fillWithRandomBytes($0) }
    /// Called within each transaction right before its commit; what it throws makes the commit fail.
    package var beforeCommit: (@Sendable () throws -> Void)?

    /// Only to measure what waiting for the disk costs: batches are completed when they are handed over, before they are
    /// committed. A crash then loses records whose redirects were answered.
    package var answersBeforeCommit = false

    package init() {}
}
