import Attribution
import Ledger
import Subscriptions

/// From where on a part is not well. Each leaves an operator time to act. The alerts for Prometheus, `Operations/alerts.yml`, have
/// the same numbers.
enum HealthLimits {
    /// Renewal by machine happens when a third of a certificate's time is left, of the shortest some two weeks: who is later has to
    /// be told, and soon nobody waits.
    static let warningDays = 14
    static let badDays = 3
    /// A commit on a disk that is well takes milliseconds.
    static let slowCommitMicroseconds: Int64 = 100_000
    /// How much of the queue may be taken: beyond, records come faster than they are committed.
    static let queueShare = 0.5
    /// The write-ahead log is copied long before; when it is not, somebody reads the ledger without an end.
    static let longLogBytes: Int64 = 128 << 20
    /// Changes of partners of record are recorded before they are answered: what is still waiting then was refused several times.
    static let changesWaitSeconds: Int64 = 60
    /// The index is made in a second or two of so many records.
    static let indexLag: Int64 = 100_000
    /// Room for some million records.
    static let warningFreeBytes: Int64 = 2 << 30
    static let badFreeBytes: Int64 = 256 << 20
    /// A mail system that is restarted is back long before, and what waits is tried again within that time.
    static let mailWaitsSeconds: Int64 = 3_600
}

extension HealthReport {
    init(_ figures: HealthFigures, files: DataFiles, routes: Int, partners: PartnerDirectory, now: Timestamp) {
        ledger = LedgerPart(figures.ledger, files, figures.associations, now: now)
        index = IndexPart(figures.index)
        certificates = figures.certificates.map { CertificatePart($0, now: now) }
        reload = ReloadPart(figures.reload)
        directory = DirectoryPart(routes: routes, partners: partners)
        disk = DiskPart(files)
        mail = figures.mail.map { MailPart($0) }
        let parts = [ledger.status, index.status, reload.status, directory.status, disk.status]
        status = (parts + certificates.map(\.status) + [mail?.status ?? .good]).max() ?? .good
        time = now.description
        version = figures.version
        startedAt = figures.startedAt.description
        uptimeSeconds = max(0, now.seconds - figures.startedAt.seconds)
    }
}

extension [HealthReport.Advice] {
    fileprivate var grade: HealthReport.Grade { map(\.grade).max() ?? .good }
}

extension HealthReport.LedgerPart {
    init(_ statistics: LedgerStatistics, _ files: DataFiles, _ backlog: AssociationBacklog?, now: Timestamp) {
        var advice: [HealthReport.Advice] = []
        if statistics.lastFailure != nil {
            advice.append(.commitsFail)
        } else if statistics.failedCommits > 0 {
            advice.append(.commitsFailed)
        }
        if Double(statistics.queuedRecords) > HealthLimits.queueShare * Double(statistics.queueLimit) {
            advice.append(.queueFills)
        }
        if statistics.lastCommitMicroseconds > HealthLimits.slowCommitMicroseconds { advice.append(.commitsAreSlow) }
        if files.logBytes > HealthLimits.longLogBytes { advice.append(.logIsLong) }
        let waited = backlog?.oldestSeconds(at: now)
        if let waited, waited > HealthLimits.changesWaitSeconds { advice.append(.changesWait) }
        self.init(
            status: advice.grade, advice: advice, lastSequence: statistics.lastSequence, records: statistics.records,
            commits: statistics.commits, failedCommits: statistics.failedCommits, queuedRecords: statistics.queuedRecords,
            lastCommitMicroseconds: statistics.lastCommitMicroseconds, fileBytes: files.ledgerBytes, logBytes: files.logBytes,
            lastFailure: statistics.lastFailure, unrecordedChanges: backlog?.changes, oldestUnrecordedSeconds: waited)
    }
}

extension HealthReport.IndexPart {
    init(_ progress: SearchIndexer.Progress) {
        var advice: [HealthReport.Advice] = []
        if progress.lastFailure != nil { advice.append(.indexFails) }
        if progress.lag > HealthLimits.indexLag { advice.append(.indexLags) }
        self.init(
            status: advice.grade, advice: advice, indexedThrough: progress.indexedThrough, lag: progress.lag,
            lastFailure: progress.lastFailure)
    }
}

extension HealthReport.CertificatePart {
    init(_ certificate: HealthFigures.Certificate, now: Timestamp) {
        let secondsPerDay = 86_400.0
        let daysLeft = Int((Double(certificate.notAfter.seconds - now.seconds) / secondsPerDay).rounded(.down))
        var advice: [HealthReport.Advice] = []
        if daysLeft < 0 {
            advice.append(.expired)
        } else if daysLeft < HealthLimits.warningDays {
            advice.append(.renew)
        }
        if certificate.isSelfSigned { advice.append(.selfSigned) }
        self.init(
            status: daysLeft < HealthLimits.badDays ? .bad : advice.grade, advice: advice, door: certificate.door,
            file: certificate.path, names: certificate.names, kind: certificate.kind, notAfter: certificate.notAfter.description,
            daysLeft: daysLeft, isSelfSigned: certificate.isSelfSigned)
    }
}

extension HealthReport.ReloadPart {
    init(_ state: ReloadState) {
        let advice: [HealthReport.Advice] = state.report.succeeded ? [] : [.mendFiles]
        self.init(
            status: advice.grade, advice: advice, time: state.time.description, succeeded: state.report.succeeded,
            lines: state.report.lines)
    }
}

extension HealthReport.DirectoryPart {
    init(routes: Int, partners: PartnerDirectory) {
        var advice: [HealthReport.Advice] = []
        if routes == 0 { advice.append(.noRoutes) }
        if partners.count == 0 { advice.append(.noPartners) }
        self.init(
            status: advice.grade, advice: advice, routes: routes, partners: partners.count, directoryVersion: partners.version)
    }
}

extension HealthReport.MailPart {
    init(_ mail: HealthFigures.Mail) {
        var advice: [HealthReport.Advice] = []
        // Where no mail is sent, what waits is meant to.
        if mail.isOn, let waited = mail.oldestPendingSeconds, waited > HealthLimits.mailWaitsSeconds { advice.append(.mailWaits) }
        if mail.failedLately > 0 { advice.append(.mailFailed) }
        self.init(
            status: advice.grade, advice: advice, isOn: mail.isOn, pending: mail.pending,
            oldestPendingSeconds: mail.oldestPendingSeconds, failed: mail.failed, failedLately: mail.failedLately,
            withoutAddress: mail.withoutAddress, lastFailure: mail.lastFailure)
    }
}

extension HealthReport.DiskPart {
    init(_ files: DataFiles) {
        // A disk that can't be asked is none to rely on.
        let (free, total) = (files.freeBytes ?? 0, files.totalBytes ?? 0)
        let advice: [HealthReport.Advice] = free < HealthLimits.warningFreeBytes ? [.makeRoom] : []
        self.init(
            status: free < HealthLimits.badFreeBytes ? .bad : advice.grade, advice: advice, freeBytes: free, totalBytes: total)
    }
}
