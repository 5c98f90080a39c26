import Attribution
import BackOffice
import Office
import Subscriptions

extension ServiceMetrics {
    /// - Returns: nil when the office can't be read.
    func associationBacklog() async -> AssociationBacklog? {
        try? await OfficeThreads().run { [office] in try office.associationBacklog() }
    }

    func associations(now: Timestamp) async -> [MetricFamily] {
        // An office that can't be read is not told as one in which nothing waits.
        let backlog = await associationBacklog()
        let oldest: Int64? = backlog.map { $0.oldestSeconds(at: now) ?? 0 }
        var families: [MetricFamily] = []
        families.append(
            .gauge, "porter_associations_unrecorded", "Changes of partners of record that the ledger has no record of yet.",
            backlog?.changes)
        families.append(
            .gauge, "porter_associations_oldest_unrecorded_seconds",
            "How long the oldest of them has waited; 0 when there is none.", oldest)
        return families
    }
}
