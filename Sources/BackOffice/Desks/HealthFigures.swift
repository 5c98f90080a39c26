package import Attribution
package import Ledger
package import Subscriptions

/// What a server knows of itself at one moment: what a ``HealthReport`` is made of.
package struct HealthFigures: Sendable {
    /// A certificate that one of the doors shows.
    package struct Certificate: Sendable {
        package let door: HealthReport.Door
        /// The file it was read from.
        package let path: String
        /// Names and addresses that it is for.
        package let names: [String]
        /// `ecdsa` or `rsa`.
        package let kind: String
        package let notAfter: Timestamp
        package let isSelfSigned: Bool

        package init(
            door: HealthReport.Door, path: String, names: [String], kind: String, notAfter: Timestamp, isSelfSigned: Bool
        ) {
            self.door = door
            self.path = path
            self.names = names
            self.kind = kind
            self.notAfter = notAfter
            self.isSelfSigned = isSelfSigned
        }
    }

    /// Mail to partners.
    package struct Mail: Sendable {
        /// Whether this server sends any.
        package let isOn: Bool
        /// What the mail system has not taken yet.
        package let pending: Int
        /// How long the oldest of it has waited; nil when nothing waits.
        package let oldestPendingSeconds: Int64?
        /// What was given up.
        package let failed: Int
        /// Of it, what was given up in the last seven days.
        package let failedLately: Int
        /// Notices to partners without an address that mail can be sent to.
        package let withoutAddress: Int
        /// Why the mail system did not take something that waits, or was given up lately; one line.
        package let lastFailure: String?

        package init(
            isOn: Bool, pending: Int, oldestPendingSeconds: Int64?, failed: Int, failedLately: Int, withoutAddress: Int,
            lastFailure: String?
        ) {
            self.isOn = isOn
            self.pending = pending
            self.oldestPendingSeconds = oldestPendingSeconds
            self.failed = failed
            self.failedLately = failedLately
            self.withoutAddress = withoutAddress
            self.lastFailure = lastFailure
        }
    }

    package let version: String
    package let startedAt: Timestamp
    package let ledger: LedgerStatistics
    package let index: SearchIndexer.Progress
    package let certificates: [Certificate]
    package let reload: ReloadState
    /// Changes of partners of record that wait for the ledger; nil when it can't be told.
    package let associations: AssociationBacklog?
    /// nil when it can't be told.
    package let mail: Mail?

    package init(
        version: String, startedAt: Timestamp, ledger: LedgerStatistics, index: SearchIndexer.Progress,
        certificates: [Certificate], reload: ReloadState, associations: AssociationBacklog? = nil, mail: Mail? = nil
    ) {
        self.version = version
        self.startedAt = startedAt
        self.ledger = ledger
        self.index = index
        self.certificates = certificates
        self.reload = reload
        self.associations = associations
        self.mail = mail
    }
}

/// When routes and certificates were last read, and what came of it.
package struct ReloadState: Sendable {
    package let time: Timestamp
    /// All that is wrong with the files as they are now counts as refused, however long ago they were read.
    package let report: ReloadReport

    package init(time: Timestamp, report: ReloadReport) {
        self.time = time
        self.report = report
    }
}
