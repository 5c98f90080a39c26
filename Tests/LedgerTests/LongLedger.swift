import Foundation

@testable import Ledger

/// A ledger of three portions of a verification, written once and copied for each test that changes it.
enum LongLedger {
    static let records: Int64 = 6_000

    private static let original = Result {
        let folder = try TemporaryFolder()
        try writeLedger(folder, (1...UInt64(records)).map { .sample($0) }, portion: 1_000)
        return try Data(contentsOf: URL(fileURLWithPath: folder.ledger))
    }

    /// The writer has closed it: all of it is in the one file.
    static func copy() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try original.get().write(to: URL(fileURLWithPath: folder.ledger))
        return folder
    }
}
