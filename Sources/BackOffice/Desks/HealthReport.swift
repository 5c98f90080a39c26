import Attribution
import Ledger

/// How the server is: each part with its figures, and what to do where it is not well.
package struct HealthReport: Encodable, Sendable {
    /// How well a part is; the report is as well as its worst part.
    package enum Grade: String, CaseIterable, Comparable, Encodable, Sendable {
        case good
        /// Somebody should look, this week.
        case warning
        /// Somebody should look, now.
        case bad

        package static func < (left: Grade, right: Grade) -> Bool {
            allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!
        }
    }

    /// What to do. The pages say it in a sentence.
    package enum Advice: String, CaseIterable, Encodable, Sendable {
        case commitsFail = "commits-fail"
        case commitsFailed = "commits-failed"
        case commitsAreSlow = "commits-are-slow"
        case queueFills = "queue-fills"
        case logIsLong = "log-is-long"
        case changesWait = "changes-wait"
        case indexFails = "index-fails"
        case indexLags = "index-lags"
        case renew
        case expired
        case selfSigned = "self-signed"
        case mendFiles = "mend-files"
        case noRoutes = "no-routes"
        case noPartners = "no-partners"
        case makeRoom = "make-room"
        case mailWaits = "mail-waits"
        case mailFailed = "mail-failed"

        var grade: Grade {
            switch self {
            case .commitsFail, .queueFills, .expired, .noRoutes: .bad
            default: .warning
            }
        }
    }

    /// Which door shows a certificate.
    package enum Door: String, Encodable, Sendable {
        case front, office
    }

    let status: Grade
    let time: String
    let version: String
    let startedAt: String
    let uptimeSeconds: Int64
    let ledger: LedgerPart
    let index: IndexPart
    let certificates: [CertificatePart]
    let reload: ReloadPart
    let directory: DirectoryPart
    let disk: DiskPart
    /// Absent when it can't be told.
    let mail: MailPart?

    enum CodingKeys: String, CodingKey {
        case status, time, version
        case startedAt = "started_at"
        case uptimeSeconds = "uptime_seconds"
        case ledger, index, certificates, reload, directory, disk, mail
    }

    /// What anybody may know who is let in.
    var summary: Summary { Summary(status: status, time: time) }

    struct Summary: Encodable, Sendable {
        let status: Grade
        let time: String
    }
}

// MARK: - The parts

extension HealthReport {
    struct LedgerPart: Encodable, Sendable {
        let status: Grade
        let advice: [Advice]
        let lastSequence: Int64
        /// Since the start.
        let records: Int64
        let commits: Int64
        let failedCommits: Int64
        let queuedRecords: Int
        let lastCommitMicroseconds: Int64
        let fileBytes: Int64
        /// Of the write-ahead log.
        let logBytes: Int64
        let lastFailure: String?
        /// Changes of partners of record that it has no record of yet; absent when it can't be told.
        let unrecordedChanges: Int?
        /// How long the oldest of them has waited; absent when none waits.
        let oldestUnrecordedSeconds: Int64?

        enum CodingKeys: String, CodingKey {
            case status, advice
            case lastSequence = "last_seq"
            case records, commits
            case failedCommits = "failed_commits"
            case queuedRecords = "queued_records"
            case lastCommitMicroseconds = "last_commit_microseconds"
            case fileBytes = "file_bytes"
            case logBytes = "log_bytes"
            case lastFailure = "last_failure"
            case unrecordedChanges = "unrecorded_changes"
            case oldestUnrecordedSeconds = "oldest_unrecorded_seconds"
        }
    }

    struct IndexPart: Encodable, Sendable {
        let status: Grade
        let advice: [Advice]
        let indexedThrough: Int64
        /// Records behind the ledger.
        let lag: Int64
        let lastFailure: String?

        enum CodingKeys: String, CodingKey {
            case status, advice
            case indexedThrough = "indexed_through"
            case lag
            case lastFailure = "last_failure"
        }
    }

    struct CertificatePart: Encodable, Sendable {
        let status: Grade
        let advice: [Advice]
        let door: Door
        let file: String
        let names: [String]
        let kind: String
        let notAfter: String
        /// Whole days; below zero when it has ended.
        let daysLeft: Int
        let isSelfSigned: Bool

        enum CodingKeys: String, CodingKey {
            case status, advice, door, file, names, kind
            case notAfter = "not_after"
            case daysLeft = "days_left"
            case isSelfSigned = "self_signed"
        }
    }

    struct ReloadPart: Encodable, Sendable {
        let status: Grade
        let advice: [Advice]
        let time: String
        let succeeded: Bool
        let lines: [String]
    }

    struct DirectoryPart: Encodable, Sendable {
        let status: Grade
        let advice: [Advice]
        let routes: Int
        let partners: Int
        let directoryVersion: Int

        enum CodingKeys: String, CodingKey {
            case status, advice, routes, partners
            case directoryVersion = "directory_version"
        }
    }

    struct MailPart: Encodable, Sendable {
        let status: Grade
        let advice: [Advice]
        /// Whether this server sends any.
        let isOn: Bool
        let pending: Int
        /// Absent when nothing waits.
        let oldestPendingSeconds: Int64?
        let failed: Int
        let failedLately: Int
        let withoutAddress: Int
        let lastFailure: String?

        enum CodingKeys: String, CodingKey {
            case status, advice
            case isOn = "on"
            case pending
            case oldestPendingSeconds = "oldest_pending_seconds"
            case failed
            case failedLately = "failed_lately"
            case withoutAddress = "without_address"
            case lastFailure = "last_failure"
        }
    }

    struct DiskPart: Encodable, Sendable {
        let status: Grade
        let advice: [Advice]
        /// For who is not root.
        let freeBytes: Int64
        let totalBytes: Int64

        enum CodingKeys: String, CodingKey {
            case status, advice
            case freeBytes = "free_bytes"
            case totalBytes = "total_bytes"
        }
    }
}
