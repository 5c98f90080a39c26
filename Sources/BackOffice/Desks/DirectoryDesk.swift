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
            Made(
                try office.importPartners(
                    csv: csv, fileName: fileName, source: source, by: caller, at: now(), dryRun: dryRun, basedOn: versions,
                    listing: listing))
        }
    }

    /// - Throws: as ``Office/setPartner(_:source:by:at:dryRun:onlyIf:)`` does.
    package func setPartner(
        _ partnerChange: PartnerChange, source: String, by caller: Caller, dryRun: Bool,
        onlyIf condition: PartnerCondition = .none
    ) async throws -> DirectoryReport {
        try await change { [office, now] in
            Made(try office.setPartner(partnerChange, source: source, by: caller, at: now(), dryRun: dryRun, onlyIf: condition))
        }
    }

    /// - Throws: as ``Office/addLinkKey(for:source:by:at:)`` does.
    package func addLinkKey(for id: PartnerID, source: String, by caller: Caller) async throws -> NewPartnerKey {
        try await change { [office, now] in
            let (key, secret) = try office.addLinkKey(for: id, source: source, by: caller, at: now())
            return Made(NewPartnerKey(key: key, secret: secret), isNewVersion: true)
        }
    }

    /// - Throws: as ``Office/retireLinkKey(_:of:source:by:at:)`` does.
    @discardableResult
    package func retireLinkKey(
        _ number: Int64, of id: PartnerID, source: String, by caller: Caller
    ) async throws -> PartnerKey {
        try await change { [office, now] in
            Made(try office.retireLinkKey(number, of: id, source: source, by: caller, at: now()), isNewVersion: true)
        }
    }

    private func change<Value: Sendable>(_ body: @escaping @Sendable () throws -> Made<Value>) async throws -> Value {
        let made: Made<Value> = try await withCheckedThrowingContinuation { continuation in
            queue.async { [office, directoryChanged] in
                continuation.resume(
                    with: Result {
                        let made = try body()
                        if made.isNewVersion { directoryChanged(try office.currentDirectory()) }
                        return made
                    })
            }
        }
        if made.isNewVersion { await waitUntilInForce() }
        return made.value
    }
}

/// What a change of the directory gives, and whether it made a new version.
private struct Made<Value: Sendable>: Sendable {
    let value: Value
    let isNewVersion: Bool

    init(_ value: Value, isNewVersion: Bool) {
        self.value = value
        self.isNewVersion = isNewVersion
    }
}

extension Made<DirectoryReport> {
    init(_ report: DirectoryReport) {
        self.init(report, isNewVersion: report.directoryVersion != nil)
    }
}

/// A key that was just made, with its secret.
package struct NewPartnerKey: Sendable {
    package let key: PartnerKey
    package let secret: Secret
}
