import Attribution
import NIOConcurrencyHelpers
import Office

/// CSV files between their preview and the word that imports them: each waits some minutes for who sent it, and nobody else.
final class ImportDrafts: Sendable {
    struct Draft: Sendable {
        let fileName: String
        let csv: [UInt8]
    }

    private struct Entry {
        let owner: String
        let draft: Draft
        let keptAt: Timestamp
    }

    /// Long enough to read a preview over a cup of coffee.
    static let lifetimeSeconds: Int64 = 30 * 60
    /// Admins are few; what is more is the oldest's loss, who uploads again.
    static let maximumDrafts = 8
    static let maximumBytes = 2 * PartnerCSV.maximumFileBytes

    private let entries = NIOLockedValueBox<[String: Entry]>([:])

    /// Keeps a file; an earlier one of the same owner goes.
    ///
    /// - Parameter owner: the session, by a text that only it has.
    /// - Returns: by what it is asked for.
    func keep(_ draft: Draft, of owner: String, at time: Timestamp) -> String {
        let id = Secret.make().text
        entries.withLockedValue { entries in
            entries = entries.filter { $0.value.owner != owner && Self.isAlive($0.value, at: time) }
            while let oldest = entries.min(by: { $0.value.keptAt < $1.value.keptAt })?.key,
                entries.count >= Self.maximumDrafts
                    || entries.values.reduce(draft.csv.count, { $0 + $1.draft.csv.count }) > Self.maximumBytes
            {
                entries[oldest] = nil
            }
            entries[id] = Entry(owner: owner, draft: draft, keptAt: time)
        }
        return id
    }

    /// The file; nil when it is gone or somebody else's.
    func draft(_ id: String, of owner: String, at time: Timestamp) -> Draft? {
        entries.withLockedValue { entries in
            entries = entries.filter { Self.isAlive($0.value, at: time) }
            return entries[id].flatMap { $0.owner == owner ? $0.draft : nil }
        }
    }

    /// Removes what a session that ends has kept.
    func removeAll(of owner: String) { entries.withLockedValue { $0 = $0.filter { $0.value.owner != owner } } }

    func remove(_ id: String) { entries.withLockedValue { $0[id] = nil } }

    private static func isAlive(_ entry: Entry, at time: Timestamp) -> Bool {
        time.microseconds - entry.keptAt.microseconds <= lifetimeSeconds * Timestamp.microsecondsPerSecond
    }
}
