package import Attribution
import Dispatch
package import Office

/// Where a running server changes its partner directory: one change after another, each in force at the front door before
/// it is confirmed.
package final class DirectoryDesk: Sendable {
    private let office: Office
    private let now: @Sendable () -> Timestamp
    private let directoryChanged: @Sendable (PartnerDirectory) -> Void
    private let waitUntilInForce: @Sendable () async -> Void
    /// Serial, so that a snapshot never replaces a newer one; and a thread of its own, since SQLite blocks.
    private let queue = DispatchQueue(label: "porter.directory")

    /// - Parameters:
    ///   - now: the clock that says when we learn of a change.
    ///   - directoryChanged: hands the new snapshot over. Called on a thread of the desk's, in the order of versions.
    ///   - waitUntilInForce: returns when every request is judged by what was handed over; only then is a change confirmed.
    package init(
        office: Office,
        now: @escaping @Sendable () -> Timestamp,
        directoryChanged: @escaping @Sendable (PartnerDirectory) -> Void,
        waitUntilInForce: @escaping @Sendable () async -> Void = {}
    ) {
        self.office = office
        self.now = now
        self.directoryChanged = directoryChanged
        self.waitUntilInForce = waitUntilInForce
    }

    /// - Throws: as ``Office/importPartners(csv:fileName:source:by:at:dryRun:basedOn:listing:)`` does.
    package func importPartners(
        csv: [UInt8], fileName: String, source: String, by caller: Caller, dryRun: Bool, basedOn versions: Set<Int>? = nil,
        listing: Range<Int> = 0..<DirectoryReport.maximumListed
    ) async throws -> DirectoryReport {
        try await change { [office, now] in
            try office.importPartners(
                csv: csv, fileName: fileName, source: source, by: caller, at: now(), dryRun: dryRun, basedOn: versions,
                listing: listing)
        }
    }

    /// - Throws: as ``Office/setPartner(_:source:by:at:dryRun:onlyIf:)`` does.
    package func setPartner(
        _ partnerChange: PartnerChange, source: String, by caller: Caller, dryRun: Bool,
        onlyIf condition: PartnerCondition = .none
    ) async throws -> DirectoryReport {
        try await change { [office, now] in
            try office.setPartner(partnerChange, source: source, by: caller, at: now(), dryRun: dryRun, onlyIf: condition)
        }
    }

    private func change(_ body: @escaping @Sendable () throws -> DirectoryReport) async throws -> DirectoryReport {
        let report: DirectoryReport = try await withCheckedThrowingContinuation { continuation in
            queue.async { [office, directoryChanged] in
                continuation.resume(
                    with: Result {
                        let report = try body()
                        if report.directoryVersion != nil { directoryChanged(try office.currentDirectory()) }
                        return report
                    })
            }
        }
        if report.directoryVersion != nil { await waitUntilInForce() }
        return report
    }
}
