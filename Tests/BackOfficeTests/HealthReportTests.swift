import Attribution
import Foundation
import Subscriptions
import Testing

@testable import BackOffice
@testable import Ledger

@Suite("Health")
struct HealthReportTests {
    private static let now = Timestamp(rfc3339: "2016-10-03T08:09:10Z")!
    private static let plentyFiles = files()

    private static func files(logBytes: Int64 = 1, freeBytes: Int64 = 1 << 40) -> DataFiles {
        DataFiles(bytes: ["ledger.db": 1, "ledger.db-wal": logBytes], freeBytes: freeBytes, totalBytes: 1 << 41)
    }

    private func report(
        _ ledger: LedgerStatistics = LedgerStatistics(), index: SearchIndexer.Progress = SearchIndexer.Progress(),
        certificates: [HealthFigures.Certificate] = [], reload: [String]? = nil, files: DataFiles = plentyFiles,
        routes: Int = 4, partners: Int = 1, associations: AssociationBacklog? = nil, mail: HealthFigures.Mail? = nil
    ) throws -> HealthReport {
        let ids = (1..<(1 + partners)).compactMap { PartnerID(UInt64($0)) }
        return HealthReport(
            HealthFigures(
                version: "1", startedAt: Timestamp(microseconds: Self.now.microseconds - 90_000_000), ledger: ledger,
                index: index, certificates: certificates,
                reload: ReloadState(time: Self.now, report: ReloadReport(succeeded: reload == nil, lines: reload ?? [])),
                associations: associations, mail: mail),
            files: files, routes: routes,
            partners: PartnerDirectory(
                version: 3, standings: Dictionary(uniqueKeysWithValues: ids.map { ($0, PartnerStanding()) })),
            now: Self.now)
    }

    private func certificate(daysLeft: Int, isSelfSigned: Bool = false) -> HealthFigures.Certificate {
        HealthFigures.Certificate(
            door: .front, path: "x.crt", names: ["a.example"], kind: "rsa",
            notAfter: Timestamp(microseconds: Self.now.microseconds + Int64(daysLeft) * Timestamp.microsecondsPerDay),
            isSelfSigned: isSelfSigned)
    }

    @Test("all is well when nothing is wrong")
    func good() throws {
        let report = try report(certificates: [certificate(daysLeft: 90)])
        #expect(report.status == .good && report.uptimeSeconds == 90)
        #expect(report.certificates[0].daysLeft == 90 && report.certificates[0].advice.isEmpty)
    }

    @Test("a ledger that can't commit is bad; one that could not, or is slow, deserves a look")
    func ledger() throws {
        var statistics = LedgerStatistics()
        statistics.failedCommits = 1
        #expect(try report(statistics).ledger.advice == [.commitsFailed])
        statistics.lastFailure = "disk full"
        statistics.lastCommitMicroseconds = 2_000_000
        let failing = try report(statistics)
        #expect(failing.status == .bad && failing.ledger.advice == [.commitsFail, .commitsAreSlow])
        let long = try report(files: Self.files(logBytes: 1 << 30))
        #expect(long.status == .warning && long.ledger.advice == [.logIsLong])
    }

    @Test("a ledger that changes of partners of record wait for deserves a look after a minute")
    func changesWait() throws {
        func ledger(waiting seconds: Int64) throws -> HealthReport.LedgerPart {
            let oldest = Timestamp(microseconds: Self.now.microseconds - seconds * Timestamp.microsecondsPerSecond)
            return try report(associations: AssociationBacklog(changes: 2, oldest: oldest)).ledger
        }
        #expect(try ledger(waiting: 60).status == .good)
        let waiting = try ledger(waiting: 61)
        #expect(waiting.status == .warning && waiting.advice == [.changesWait])
        #expect(waiting.unrecordedChanges == 2 && waiting.oldestUnrecordedSeconds == 61)
        let none = try report(associations: AssociationBacklog(changes: 0, oldest: nil)).ledger
        #expect(none.status == .good && none.unrecordedChanges == 0 && none.oldestUnrecordedSeconds == nil)
        #expect(try report().ledger.unrecordedChanges == nil, "what can't be told is not told")
    }

    private func figures(isOn: Bool = true, waited: Int64? = nil, failedLately: Int = 0) -> HealthFigures.Mail {
        HealthFigures.Mail(
            isOn: isOn, pending: waited == nil ? 0 : 1, oldestPendingSeconds: waited, failed: 3, failedLately: failedLately,
            withoutAddress: 1, lastFailure: nil)
    }

    @Test("mail that waits for more than an hour, or was given up lately, deserves a look; where mail is off, none waits in vain")
    func mail() throws {
        #expect(try report(mail: figures(waited: 3_600)).mail?.advice == [])
        let waiting = try report(mail: figures(waited: 3_601))
        #expect(waiting.status == .warning && waiting.mail?.advice == [.mailWaits])
        #expect(try report(mail: figures(isOn: false, waited: 90_000)).status == .good)
        #expect(try report(mail: figures(failedLately: 1)).mail?.advice == [.mailFailed])
    }

    @Test(
        "a certificate is told in time",
        arguments: [
            (14, HealthReport.Grade.good, []), (13, .warning, [.renew]), (3, .warning, [.renew]), (2, .bad, [.renew]),
            (0, .bad, [.renew]), (-1, .bad, [.expired]),
        ] as [(Int, HealthReport.Grade, [HealthReport.Advice])])
    func certificates(daysLeft: Int, grade: HealthReport.Grade, advice: [HealthReport.Advice]) throws {
        let report = try report(certificates: [certificate(daysLeft: daysLeft)])
        #expect(report.status == grade && report.certificates[0].advice == advice)
        #expect(report.certificates[0].daysLeft == daysLeft)
    }

    @Test("records that come faster than they are committed are told while there is room")
    func queue() throws {
        var statistics = LedgerStatistics()
        (statistics.queueLimit, statistics.queuedRecords) = (8_192, 4_096)
        #expect(try report(statistics).status == .good)
        statistics.queuedRecords = 4_097
        let filling = try report(statistics)
        #expect(filling.status == .bad && filling.ledger.advice == [.queueFills])
    }

    @Test("the alerts for Prometheus have the same limits")
    func alerts() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/porter/Porter.docc/Operations/alerts.yml").standardizedFileURL
        let rules = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "- alert: ").dropFirst()
        func limit(_ alert: String, _ pattern: some RegexComponent<(Substring, Substring)>) throws -> Double {
            let rule = try #require(rules.first { $0.hasPrefix(alert + "\n") }, "\(alert)")
            return try #require(rule.firstMatch(of: pattern).flatMap { Double($0.output.1) }, "\(alert)")
        }
        let ends = /certificate_expiry_timestamp_seconds - time\(\) < ([0-9]+) \* 86400/
        #expect(try limit("PorterCertificateEndsSoon", ends) == Double(HealthLimits.warningDays))
        #expect(try limit("PorterCertificateEnds", ends) == Double(HealthLimits.badDays))
        #expect(
            try limit("PorterSlowCommits", /commit_duration_seconds_bucket.* > ([0-9.]+)/)
                == Double(HealthLimits.slowCommitMicroseconds) / 1_000_000)
        #expect(
            try limit("PorterQueueFills", /queued_records \/ porter_ledger_queue_limit_records > ([0-9.]+)/)
                == HealthLimits.queueShare)
        #expect(try limit("PorterWriteAheadLogGrows", /ledger.db-wal.* > ([0-9]+)/) == Double(HealthLimits.longLogBytes))
        #expect(try limit("PorterIndexBehind", /index_lag_records > ([0-9]+)/) == Double(HealthLimits.indexLag))
        #expect(
            try limit("PorterAssociationsWait", /oldest_unrecorded_seconds > ([0-9]+)/)
                == Double(HealthLimits.changesWaitSeconds))
        #expect(
            try limit("PorterNoticesWait", /oldest_pending_seconds > ([0-9]+)/) == Double(HealthLimits.mailWaitsSeconds))
        let free = /data_available_bytes < ([0-9]+)/
        #expect(try limit("PorterDiskFills", free) == Double(HealthLimits.warningFreeBytes))
        #expect(try limit("PorterDiskFull", free) == Double(HealthLimits.badFreeBytes))
    }

    @Test("the other parts say what to do as well")
    func others() throws {
        #expect(try report(certificates: [certificate(daysLeft: 90, isSelfSigned: true)]).certificates[0].advice == [.selfSigned])
        var progress = SearchIndexer.Progress()
        progress.lastSequence = 2_000_000
        #expect(try report(index: progress).index.advice == [.indexLags])
        progress.lastFailure = "damaged"
        #expect(try report(index: progress).index.advice == [.indexFails, .indexLags])
        let refused = try report(reload: ["a.yaml:1:1: wrong"])
        #expect(refused.reload.advice == [.mendFiles] && refused.reload.lines == ["a.yaml:1:1: wrong"])
        #expect(try report(routes: 0).status == .bad)
        #expect(try report(partners: 0).directory.advice == [.noPartners])
        let little = Self.files(freeBytes: 1 << 30)
        #expect(try report(files: little).disk.status == .warning)
        let none = Self.files(freeBytes: 1 << 20)
        #expect(try report(files: none).disk.status == .bad)
    }

    @Test("the folder's files are looked at")
    func files() throws {
        let folder = try TemporaryFolder()
        try Data(repeating: 0, count: 123).write(to: URL(fileURLWithPath: folder.path + "/ledger.db"))
        let files = DataFiles(folder: folder.path)
        let free = try #require(files.freeBytes)
        #expect(files.ledgerBytes == 123 && files.logBytes == 0 && free > 0 && (files.totalBytes ?? 0) >= free)
    }

    @Test("amounts are written as the reader's language has them")
    func amounts() {
        let english = PageFormat(language: .english, timeZone: .gmt)
        let french = PageFormat(language: .french, timeZone: .gmt)
        #expect(english.bytes(999) == "999\u{A0}B" && english.bytes(1_500_000_000) == "1.5\u{A0}GB")
        #expect(french.bytes(1_500_000_000) == "1,5\u{A0}Go" && english.bytes(999_999) == "1.0\u{A0}MB")
        #expect(english.milliseconds(1_250) == "1.3\u{A0}ms" && english.milliseconds(0) == "0.0\u{A0}ms")
        #expect(english.duration(seconds: 93_784) == "1\u{A0}d 2\u{A0}h")
        #expect(english.duration(seconds: 61) == "1\u{A0}min 1\u{A0}s")
        #expect(french.duration(seconds: 86_400) == "1\u{A0}j 0\u{A0}h" && english.duration(seconds: 0) == "0\u{A0}s")
    }
}
