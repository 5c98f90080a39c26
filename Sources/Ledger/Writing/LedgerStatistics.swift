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
    /// How long the last commit took, from the first insert until the disk had it.
    package var lastCommitMicroseconds: Int64 = 0
    /// What the last failed commit said; nil when none failed since.
    package var lastFailure: String?

    package init() {}
}
