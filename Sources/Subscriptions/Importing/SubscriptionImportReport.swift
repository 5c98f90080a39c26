/// What an import of events did, or with a dry run would do. Encoded as the API's JSON.
package struct SubscriptionImportReport: Codable, Equatable, Sendable {
    package var file: String
    package var dryRun: Bool
    /// Events of the file.
    package var events = 0
    /// Of these, told before.
    package var repeated = 0
    /// Subscriptions that got their partner of record from a receipt.
    package var associated = 0
    /// Subscriptions that lost it, for a syndicator sold them.
    package var removed = 0
    /// How many receipts were worth what, of the events that are new.
    package var findings: [String: Int] = [:]
    /// The first ``maximumListed`` of the new events, in the order of the file.
    package var listed: [EventReport] = []

    /// A preview that fits a few screens.
    package static let maximumListed = 50

    package init(file: String, dryRun: Bool) {
        self.file = file
        self.dryRun = dryRun
    }

    enum CodingKeys: String, CodingKey {
        case file, events, repeated, associated, removed, findings, listed
        case dryRun = "dry_run"
    }

    /// - Parameter removes: whether the event removed a partner of record.
    mutating func add(_ report: EventReport, removes: Bool) {
        events += 1
        if report.isRepeated {
            repeated += 1
            return
        }
        if report.isAssociated { associated += 1 }
        if removes { removed += 1 }
        findings[(report.receipt ?? ReceiptFinding.none).rawValue, default: 0] += 1
        if listed.count < Self.maximumListed { listed.append(report) }
    }
}
