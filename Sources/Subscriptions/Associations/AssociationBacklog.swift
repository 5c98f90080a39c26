package import Attribution
internal import GRDB
package import Office

/// The changes of partners of record that the ledger has not recorded yet: none, or few for a moment.
package struct AssociationBacklog: Equatable, Sendable {
    package let changes: Int
    /// When the oldest of them was made; nil when there is none.
    package let oldest: Timestamp?

    package init(changes: Int, oldest: Timestamp?) {
        self.changes = changes
        self.oldest = oldest
    }

    /// Whole seconds that the oldest has waited; nil when none waits.
    package func oldestSeconds(at now: Timestamp) -> Int64? { oldest.map { max(0, now.seconds - $0.seconds) } }
}

extension Office {
    /// - Throws: ``OfficeError``.
    package func associationBacklog() throws -> AssociationBacklog {
        try read { db in
            let changes = try Int.fetchOne(db, sql: "SELECT count(*) FROM association WHERE is_recorded = 0")
            let oldest = try Int64.fetchOne(db, sql: "SELECT min(time) FROM association WHERE is_recorded = 0")
            return AssociationBacklog(changes: changes ?? 0, oldest: oldest.map { Timestamp(microseconds: $0) })
        }
    }
}
