import Attribution
import GRDB

/// A change of the directory, worked out and not yet made.
struct DirectoryPlan {
    private(set) var report: DirectoryReport
    /// The new states of the partners that are added or changed.
    private(set) var partners: [Partner] = []
    /// What the named partners will be, changed or not.
    private var accounts: [PartnerID: Partner.Account] = [:]
    private var existingCount = 0
    private let listing: Range<Int>

    /// - Parameter listing: which of the added and changed partners the report lists.
    init(source: String, dryRun: Bool, listing: Range<Int>) {
        self.listing = listing
        report = DirectoryReport(source: source, dryRun: dryRun)
    }

    mutating func add(_ change: PartnerChange, existing: Partner?) throws(PartnerChange.Refusal) {
        let partner = try change.applied(to: existing)
        accounts[partner.id] = partner.account
        if existing != nil { existingCount += 1 }
        guard partner != existing else {
            report.unchanged += 1
            return
        }
        if existing == nil { report.added += 1 } else { report.changed += 1 }
        if listing.contains(partners.count) {
            report.differences.append(PartnerDifference(old: existing, new: partner))
        }
        partners.append(partner)
    }

    /// Looks at the plan as a whole, beside the directory that it will change.
    mutating func complete(_ db: Database) throws {
        report.basedOn = try Office.currentVersion(db)
        report.furtherDifferences = max(0, partners.count - listing.upperBound)
        report.notNamed = try Office.currentCount(db) - existingCount
        for partner in partners {
            guard let parent = partner.parent else { continue }
            if accounts[parent] == nil { accounts[parent] = try PartnerState.current(parent, db)?.account }
            switch accounts[parent] {
            case nil:
                report.warn(
                    "partner \(partner.id): its parent \(parent) is not in the directory",
                    Mistake(.parentUnknown, "\(partner.id)", "\(parent)"))
            case .location:
                report.warn(
                    "partner \(partner.id): its parent \(parent) is a location account, not a global one",
                    Mistake(.parentIsLocation, "\(partner.id)", "\(parent)"))
            case .global: break
            }
        }
    }

    /// Writes the plan as one new version, unless it changes nothing.
    mutating func carryOut(at time: Timestamp, _ db: Database) throws {
        if report.changesNothing { return }
        let version = try Office.addVersion(source: report.source, at: time, db)
        for partner in partners { try PartnerState.insert(partner, version: version, db) }
        report.directoryVersion = version
    }
}
