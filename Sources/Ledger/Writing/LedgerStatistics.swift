package import Measures

/// How the writer is doing, for health pages and metrics.
package struct LedgerStatistics: Sendable, Equatable {
    /// The last record of the ledger; 0 when it is empty.
    package var lastSequence: Int64 = 0
    /// Records that this process committed.
    package var records: Int64 = 0
    /// Commits that held records.
    package var commits: Int64 = 0
    /// Commits without records: notes of unmatched paths, counters written while idle, probes.
    package var upkeepCommits: Int64 = 0
    /// Commits that failed.
    package var failedCommits: Int64 = 0
    /// Times that the write-ahead log was copied into the file.
    package var checkpoints: Int64 = 0
    /// Records that wait for the next commit.
    package var queuedRecords = 0
    /// How many may wait; what comes beyond is answered 503.
    package var queueLimit = 0
    /// Visits of the day that are remembered to recognise repeats.
    package var rememberedVisits = 0
    /// How long the commits that held records took, in nanoseconds, as ``lastCommitMicroseconds``.
    package var commitDurations = Histogram(Self.commitBuckets)
    /// How many records they held.
    package var commitRecords = Histogram(Self.recordBuckets)
    /// How long those that waited for company did, in nanoseconds, before they began.
    package var companyWaits = Histogram(Self.waitBuckets)
    /// How long the last commit took, from the first insert until the disk had it.
    package var lastCommitMicroseconds: Int64 = 0
    /// What the last failed commit said; nil when none failed since.
    package var lastFailure: String?

    package init() {}

    /// A tenth of a millisecond is a disk with a cache that outlives the power; ten are one without.
    private static let commitBuckets = Buckets(microseconds: [
        50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 10_000_000,
    ])
    /// The longest wait is ``CommitPacing/maximumWaitMicroseconds``.
    private static let waitBuckets = Buckets(microseconds: [250, 500, 1_000, 2_000, 3_000, 4_000, 5_000, 10_000])
    private static let recordBuckets = Buckets(upperBounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 8_192])
}
