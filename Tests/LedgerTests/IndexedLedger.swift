import Attribution
import Foundation
import GRDB
import Logging

@testable import Ledger

/// What tests of the search index do with a folder.
extension TemporaryFolder {
    /// Indexes all that there is, as the server's thread would.
    @discardableResult
    func index(_ logger: Logger = Logger(label: "test"), now: Timestamp = .noon) throws -> IndexingWork {
        var work = try IndexingWork(folder: path, logger: logger)
        while try work.doNext(now: now) != .nothingToDo {}
        return work
    }

    func found(
        _ filter: RecordFilter, after: Int64 = 0, before: Int64 = .max, newestFirst: Bool = false
    ) throws -> [Int64] {
        var found: [Int64] = []
        try LedgerReader.open(folder: path).forEachRecord(
            matching: filter, after: after, before: before, newestFirst: newestFirst
        ) { stored, _ in
            found.append(stored.sequence)
            return true
        }
        return found
    }

    func changeIndex(_ sql: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        let file = try DatabaseQueue(path: SearchFile.path(in: path), configuration: configuration)
        try file.write { try $0.execute(sql: sql) }
        try file.close()
    }

    /// Makes a ledger of a full segment of sign-ups with IDs that nobody has.
    func writeSegmentOfUnknownIDs() throws {
        try Self.segmentOfUnknownIDs.get().write(to: URL(fileURLWithPath: ledger))
    }

    /// The file, which is made once.
    private static let segmentOfUnknownIDs = Result {
        let folder = try TemporaryFolder()
        let many = UInt64(UnknownIDs.maximumPerDay) + 51
        let drafts = (0..<UInt64(SearchSegment.records)).map { number in
            RecordDraft.sample(number) { draft in
                draft.outcome = .unknown
                draft.partner = PartnerID(number % 3 == 0 ? 77 : 1_000 + number % many)
                draft.partnerIsListed = false
            }
        }
        try writeLedger(folder, drafts, portion: 4_096)
        return try Data(contentsOf: URL(fileURLWithPath: folder.ledger))
    }
}
