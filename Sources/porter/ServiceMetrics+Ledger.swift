import BackOffice
import Ledger

extension ServiceMetrics {
    static func families(of ledger: LedgerStatistics, isHealthy: Bool) -> [MetricFamily] {
        var families: [MetricFamily] = []
        families.append(
            .gauge, "porter_ledger_healthy", "1 when records can be committed, 0 when sign-ups are answered 503.",
            isHealthy ? 1 : 0)
        families.append(
            .counter, "porter_ledger_commits_total", "Commits that held records: each is one sync of the disk.", ledger.commits)
        families.append(
            .counter, "porter_ledger_upkeep_commits_total", "Commits without records: counters and unmatched paths.",
            ledger.upkeepCommits)
        families.append(
            .counter, "porter_ledger_failed_commits_total", "Commits that failed; the sign-ups in them were answered 503.",
            ledger.failedCommits)
        families.append(
            .counter, "porter_ledger_records_total", "Records that were committed, adjustments among them.", ledger.records)
        families.append(
            .counter, "porter_ledger_checkpoints_total", "How often the write-ahead log was copied into the ledger.",
            ledger.checkpoints)
        families.append(
            .gauge, "porter_ledger_queued_records", "Records that wait for the next commit.", ledger.queuedRecords)
        families.append(
            .gauge, "porter_ledger_queue_limit_records",
            "How many records may wait; sign-ups beyond are answered 503.", ledger.queueLimit)
        families.append(.gauge, "porter_ledger_last_sequence", "The ledger's last record.", ledger.lastSequence)
        families.append(
            .gauge, "porter_remembered_visits", "Visits of the day that are remembered to recognise repeats.",
            ledger.rememberedVisits)
        families.append(
            "porter_ledger_commit_duration_seconds", "What commits took that held records, the disk's sync included.",
            ledger.commitDurations)
        families.append(
            "porter_ledger_commit_wait_seconds", "How long commits waited for company before they began, those that did.",
            ledger.companyWaits)
        families.append("porter_ledger_commit_records", "How many records a commit held.", ledger.commitRecords)
        return families
    }
}
