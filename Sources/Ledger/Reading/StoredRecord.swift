package import Attribution
import Foundation
internal import GRDB

/// A row of the ledger as it is stored.
package struct StoredRecord: Sendable {
    package let sequence: Int64
    /// Canonical JSON; see the article LedgerFormat.
    package let leaf: [UInt8]
    /// SHA-256 of a zero byte and the leaf.
    package let hash: [UInt8]
    /// Whether the record's partner was in the directory.
    package let partnerIsListed: Bool
    /// nil once erased.
    package let salt: [UInt8]?
    /// Canonical JSON; nil once erased.
    package let personal: [UInt8]?

    /// The record's fields; nil when the row is damaged.
    package var record: Attribution.Record? { Attribution.Record(leaf: leaf, personal: personal) }
}

extension StoredRecord {
    static let columns = "seq, leaf, hash, listed, salt, personal"

    init(_ row: Row) throws {
        sequence = row[0]
        leaf = try row.bytes(1) ?? []
        hash = try row.bytes(2) ?? []
        partnerIsListed = row[3]
        salt = try row.bytes(4)
        personal = try row.bytes(5)
    }

    /// All records behind a place, in order.
    static func fetchCursor(_ database: Database, after sequence: Int64) throws -> some Cursor<StoredRecord> {
        try Row.fetchCursor(
            database,
            sql: "SELECT \(columns) FROM record WHERE seq > ? ORDER BY seq",
            arguments: [sequence]
        ).map { try StoredRecord($0) }
    }
}

extension Row {
    func bytes(_ index: Int) throws -> [UInt8]? {
        try withUnsafeData(atIndex: index) { $0.map { [UInt8]($0) } }
    }
}

extension [UInt8] {
    /// As GRDB takes bytes.
    var blob: Data { Data(self) }
}
