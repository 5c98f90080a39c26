import Attribution
import BackOffice
import Subscriptions

extension ServiceMetrics {
    func mail(_ measures: MailMeasures, now: Timestamp) async -> [MetricFamily] {
        // An office that can't be read is not told as an empty one.
        let figures = try? await OfficeThreads().run { [outbox] in try outbox.figures(at: now) }
        let oldest: Int64? = figures.map { postman.sendsMail ? $0.oldestPendingSeconds(at: now) ?? 0 : 0 }
        var families: [MetricFamily] = []
        families.append(
            .gauge, "porter_notices_pending", "Notices to partners that the mail system has not taken yet.", figures?.pending)
        families.append(
            .gauge, "porter_notices_oldest_pending_seconds",
            "How long the oldest of them has waited; 0 when there is none, and where no mail is sent.", oldest)
        families.append(
            .gauge, "porter_notices_failed", "Notices to partners that were given up.", figures?.failed)
        families.append(
            .counter, "porter_notices_sent_total", "Notices to partners that the mail system has taken.", measures.sent)
        families.append(
            .counter, "porter_notices_given_up_total", "Notices to partners that were given up since the start.", measures.givenUp
        )
        families.append(
            .counter, "porter_notice_failed_attempts_total", "Attempts to mail a notice that failed.", measures.failedAttempts)
        return families
    }
}
