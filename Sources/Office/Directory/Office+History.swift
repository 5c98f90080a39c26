package import Attribution
import GRDB

/// One version of the directory: when we learned what it says, and from where.
package struct DirectoryVersion: Equatable, Sendable {
    package let number: Int
    package let learnedAt: Timestamp
    /// A file's name, or a command.
    package let source: String
}

/// A partner as it was from one version of the directory on, until the next entry's.
package struct PartnerHistoryEntry: Equatable, Sendable {
    package let version: DirectoryVersion
    package let partner: Partner
}

extension [PartnerHistoryEntry] {
    /// Since when the partner stands as it does at the end: what else was changed meanwhile does not count, nor does another reason
    /// for the same suspension.
    package var standingSince: DirectoryVersion? {
        guard let now = last?.partner.standing else { return nil }
        let lasting = reversed().prefix { entry in
            let then = entry.partner.standing
            return then == now || (then.status == .suspended && now.status == .suspended)
        }
        return lasting.last?.version
    }
}

extension Office {
    /// All states that the partner ever had, oldest first; empty when it was never in the directory.
    package func history(of id: PartnerID) throws -> [PartnerHistoryEntry] {
        try read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT \(PartnerState.columns), version, learned_at, source
                    FROM partner_state JOIN directory_version ON version = since_version
                    WHERE partner = ? ORDER BY version
                    """,
                arguments: [PartnerState.number(id)])
            return try Array(
                rows.map { row in
                    PartnerHistoryEntry(
                        version: DirectoryVersion(
                            number: row["version"], learnedAt: Timestamp(microseconds: row["learned_at"]), source: row["source"]),
                        partner: try PartnerState.partner(row))
                })
        }
    }

    /// The newest version that we had learned at `time`; nil while the directory was empty.
    package func directoryVersion(at time: Timestamp) throws -> DirectoryVersion? {
        try read { db in
            try Self.version(
                where: "learned_at <= ?", arguments: [time.microseconds], db)
        }
    }

    /// The newest version; nil while the directory is empty.
    package func currentDirectoryVersion() throws -> DirectoryVersion? {
        try read { db in try Self.version(where: "true", arguments: [], db) }
    }

    private static func version(
        where condition: String, arguments: StatementArguments, _ db: Database
    ) throws -> DirectoryVersion? {
        try Row.fetchOne(
            db, sql: "SELECT version, learned_at, source FROM directory_version WHERE \(condition) ORDER BY version DESC LIMIT 1",
            arguments: arguments
        ).map { DirectoryVersion(number: $0[0], learnedAt: Timestamp(microseconds: $0[1]), source: $0[2]) }
    }
}
