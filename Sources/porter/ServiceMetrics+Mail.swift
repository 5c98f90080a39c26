import Attribution
import BackOffice
import Subscriptions

extension ServiceMetrics {
    /// - Parameter figures: nil when the office can't be read: what is not known is left out.
    static func families(of mail: MailMeasures, _ figures: MailFigures?, now: Timestamp) -> [MetricFamily] {
        var families: [MetricFamily] = []
        families.append(
            .gauge, "porter_notices_pending", "Notices to partners that the mail system has not taken yet.", figures?.pending)
        families.append(
            .gauge, "porter_notices_oldest_pending_seconds", "How long the oldest of them has waited; 0 when there is none.",
            figures.map { $0.oldestPendingSeconds(at: now) ?? 0 })
        families.append(
            .gauge, "porter_notices_failed", "Notices to partners that were given up.", figures?.failed)
        families.append(
            .counter, "porter_notices_sent_total", "Notices to partners that the mail system has taken.", mail.sent)
        families.append(
            .counter, "porter_notices_given_up_total", "Notices to partners that were given up since the start.", mail.givenUp)
        families.append(
            .counter, "porter_notice_failed_attempts_total", "Attempts to mail a notice that failed.", mail.failedAttempts)
        return families
    }
}
