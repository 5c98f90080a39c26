import Attribution
import Foundation
import Ledger

/// How large the files of a data folder are, and how much room is left beside them.
struct DataFiles: Sendable {
    var ledgerBytes: Int64
    /// Of the ledger's write-ahead log.
    var logBytes: Int64
    /// Of the folder's file system, for who is not root.
    var freeBytes: Int64
    var totalBytes: Int64
}

extension DataFiles {
    /// Looks at the files; what is not there is empty. Blocks.
    init(folder: String) {
        ledgerBytes = Self.bytes(of: folder + "/" + LedgerReader.fileName)
        logBytes = Self.bytes(of: folder + "/" + LedgerReader.fileName + "-wal")
        let system = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        freeBytes = Self.number(system?[.systemFreeSize])
        totalBytes = Self.number(system?[.systemSize])
    }

    private static func bytes(of path: String) -> Int64 {
        number((try? FileManager.default.attributesOfItem(atPath: path))?[.size])
    }

    private static func number(_ value: Any?) -> Int64 { (value as? NSNumber)?.int64Value ?? 0 }
}

extension Desks {
    /// How the server is now.
    func health() async throws -> HealthReport {
        let figures = await figures()
        let files = try await files()
        return HealthReport(figures, files: files, routes: routes().routes.count, partners: partners(), now: now())
    }
}
