import Foundation
internal import GRDB

/// The table `seen_visit`: the fingerprints of the current visitor day, in portions.
enum SeenVisits {
    static func write(_ fingerprints: [UInt64], through sequence: Int64, to database: Database) throws {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(fingerprints.count * 8)
        for fingerprint in fingerprints {
            withUnsafeBytes(of: fingerprint.bigEndian) { bytes.append(contentsOf: $0) }
        }
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO seen_visit VALUES (?, ?)")
            .execute(arguments: [sequence, Data(bytes)])
    }

    /// Those of records from `first` on, in the order of `seq`.
    static func read(from first: Int64, _ database: Database, _ body: (UInt64) -> Void) throws {
        let portions = try Row.fetchCursor(
            database,
            sql: "SELECT fingerprints FROM seen_visit WHERE through >= ? ORDER BY through",
            arguments: [first]
        )
        while let portion = try portions.next() {
            try portion.withUnsafeData(atIndex: 0) { data in
                for start in stride(from: 0, to: (data?.count ?? 0) / 8 * 8, by: 8) {
                    body(data!.withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt64.self)) })
                }
            }
        }
    }
}
