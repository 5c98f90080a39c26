import Foundation
import Ledger

/// How large the files of a data folder are, and how much room is left beside them. What is not known is left out.
struct DataFiles: Sendable {
    /// By the file's name.
    var bytes: [String: Int64]
    /// Of the folder's file system, for who is not root.
    var freeBytes: Int64?
    var totalBytes: Int64?

    var ledgerBytes: Int64 { bytes[LedgerReader.fileName] ?? 0 }
    /// Of the ledger's write-ahead log.
    var logBytes: Int64 { bytes[LedgerReader.fileName + "-wal"] ?? 0 }
}

extension DataFiles {
    /// Those that grow.
    private static let names = ["ledger.db", "ledger.db-wal", "search.db", "search.db-wal", "office.db", "office.db-wal"]

    /// Looks at the files. Blocks.
    init(folder: String) {
        let sizes = Self.names.compactMap { name in
            let attributes = try? FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            return Self.number(attributes?[.size]).map { (name, $0) }
        }
        bytes = Dictionary(uniqueKeysWithValues: sizes)
        let system = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        freeBytes = Self.number(system?[.systemFreeSize])
        totalBytes = Self.number(system?[.systemSize])
    }

    /// Foundation gives numbers as objects on some systems, and as they are on others.
    private static func number(_ attribute: Any?) -> Int64? {
        (attribute as? NSNumber)?.int64Value ?? (attribute as? any BinaryInteger).map { Int64($0) }
    }
}
