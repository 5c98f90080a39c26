internal import Attribution
import Foundation
internal import GRDB

/// The table `unknown_ids`: well-formed IDs that sign-ups brought and the directory did not have. Each day's are one row, as they
/// are only ever read and written together: after each other the ID and its requests, eight bytes each, little-endian.
struct UnknownIDs {
    let database: Database

    /// IDs of a day that are kept by their names; a visitor can make up as many as there are numbers.
    static let maximumPerDay = 1_000
    /// What the others are counted as: no ID.
    static let other: UInt64 = 0

    /// Adds a segment's counts. Of a day with too many IDs those stay by name that have most requests, so that a flood of made-up
    /// ones does not hide the wrong ID of an image that comes after it: one that has more requests in a segment than the rarest of
    /// the named has had all day.
    func add(_ counts: [SegmentPostings.UnknownID: Int64]) throws {
        var added: [CalendarDay: [UInt64: Int64]] = [:]
        for (key, requests) in counts {
            guard let day = CalendarDay(key.day), let id = PartnerID(key.id) else { continue }
            added[day, default: [:]][id.number, default: 0] += requests
        }
        for (day, added) in added { try add(added, on: day) }
    }

    private func add(_ added: [UInt64: Int64], on day: CalendarDay) throws {
        var requests = added
        try forEach(from: day, through: day) { requests[$0, default: 0] += $1 }
        let other = requests.removeValue(forKey: Self.other) ?? 0
        let byRequests = requests.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
        let rest = byRequests.dropFirst(Self.maximumPerDay).reduce(other) { $0 + $1.value }
        var data: [UInt8] = []
        for (id, requests) in byRequests.prefix(Self.maximumPerDay) { Self.append(id, requests, to: &data) }
        if rest > 0 { Self.append(Self.other, rest, to: &data) }
        try database.execute(
            sql: "INSERT OR REPLACE INTO unknown_ids VALUES (?, ?)", arguments: [day.daysSinceEpoch, data.blob])
    }

    private static let entryBytes = 16
    /// More requests than any day has; sums of as many as there are IDs stay whole numbers.
    private static let mostRequests: Int64 = 1 << 40

    private static func append(_ id: UInt64, _ requests: Int64, to data: inout [UInt8]) {
        withUnsafeBytes(of: id.littleEndian) { data += $0 }
        withUnsafeBytes(of: requests.littleEndian) { data += $0 }
    }

    /// The IDs between two UTC days, both included, and ``other``, each once for every day that has it.
    ///
    /// - Throws: `DatabaseError` when a row is damaged.
    func forEach(from first: CalendarDay, through last: CalendarDay, _ body: (_ id: UInt64, _ requests: Int64) -> Void) throws {
        let rows = try Row.fetchCursor(
            database, sql: "SELECT data FROM unknown_ids WHERE day >= ? AND day <= ?",
            arguments: [first.daysSinceEpoch, last.daysSinceEpoch])
        while let row = try rows.next() {
            try row.withUnsafeData(atIndex: 0) { data in
                guard let data, data.count % Self.entryBytes == 0 else { throw Self.damaged }
                try data.withUnsafeBytes { bytes in
                    for place in stride(from: 0, to: bytes.count, by: Self.entryBytes) {
                        let id = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                        let requests = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: place + 8, as: Int64.self))
                        guard id == Self.other || PartnerID(id) != nil, 1...Self.mostRequests ~= requests else {
                            throw Self.damaged
                        }
                        body(id, requests)
                    }
                }
            }
        }
    }

    private static var damaged: DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the unknown IDs of a day can't be read")
    }
}
