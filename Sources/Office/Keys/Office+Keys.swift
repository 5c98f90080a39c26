package import Attribution
import GRDB

extension Office {
    /// All keys that a partner ever had, the newest first.
    package func linkKeys(of id: PartnerID) throws -> [PartnerKey] {
        try read { try LinkKeyRow.all(of: id, $0) }
    }

    /// The key that the partner's links are to be signed with: the newest in force. nil while there is none.
    package func signingKey(of id: PartnerID) throws -> LinkKey? {
        try read { db in
            try String.fetchOne(
                db, sql: "SELECT secret FROM link_key WHERE partner = ? AND until_version IS NULL ORDER BY id DESC LIMIT 1",
                arguments: [PartnerState.number(id)]
            ).map { LinkKey(secret: $0) }
        }
    }

    /// Makes a key for a partner's links, and a new version of the directory, from which on they are valid by it.
    ///
    /// - Parameter source: what the history says about where the change came from; cut to ``maximumSourceScalars``.
    /// - Returns: the key, and its secret, which nobody can ask for again.
    /// - Throws: ``OfficeError`` `unknown-partner`, or `too-many-keys` when as many are in force as may be.
    package func addLinkKey(
        for id: PartnerID, source: String, by caller: Caller, at time: Timestamp
    ) throws -> (key: PartnerKey, secret: Secret) {
        let secret = Secret.make(prefix: PartnerKey.prefix)
        return try change(by: caller, .partnerChange, at: time) { db in
            guard try PartnerState.currentVersion(id, db) != nil else {
                throw OfficeError(
                    .unknownPartner, "partner \(id) is not in the directory; add it first", Mistake(.partnerGone, "\(id)"))
            }
            let inForce = try LinkKeyRow.all(of: id, db).filter { $0.until == nil }
            guard inForce.count < LinkKey.mostInForce else {
                let numbers = inForce.map { String($0.number) }.joined(separator: " and ")
                throw OfficeError(
                    .tooManyKeys, "partner \(id) has the keys \(numbers), and no more can be in force; retire one first",
                    Mistake(.keysFull, "\(id)", "\(LinkKey.mostInForce)"))
            }
            let version = try Self.addVersion(source: source, at: time, db)
            try db.execute(
                sql: "INSERT INTO link_key (partner, secret, since_version) VALUES (?, ?, ?)",
                arguments: [PartnerState.number(id), secret.text, version])
            let key = try LinkKeyRow.key(db.lastInsertedRowID, of: id, db)
            return ((key, secret), "\(id), key \(key.number) added, directory version \(version)")
        }
    }

    /// Ends a key: no link is valid by it any more. Its secret is forgotten: what held it in the file is overwritten.
    ///
    /// - Parameter source: as for ``addLinkKey(for:source:by:at:)``.
    /// - Throws: ``OfficeError`` `unknown-key` when the partner has none of that number in force.
    @discardableResult
    package func retireLinkKey(
        _ number: Int64, of id: PartnerID, source: String, by caller: Caller, at time: Timestamp
    ) throws -> PartnerKey {
        try change(by: caller, .partnerChange, at: time) { db in
            guard try LinkKeyRow.all(of: id, db).contains(where: { $0.number == number && $0.until == nil }) else {
                throw OfficeError(
                    .unknownKey,
                    "partner \(id) has no key \(number) in force; `porter partner key list \(id)` names those it has",
                    Mistake(.keyUnknown, "\(id)", "\(number)"))
            }
            let version = try Self.addVersion(source: source, at: time, db)
            try db.execute(
                sql: "UPDATE link_key SET secret = NULL, until_version = ? WHERE id = ?", arguments: [version, number])
            return (
                try LinkKeyRow.key(number, of: id, db), "\(id), key \(number) retired, directory version \(version)"
            )
        }
    }

    /// All keys in force, for the front door's snapshot.
    static func currentLinkKeys(_ db: Database) throws -> [PartnerID: [LinkKey]] {
        var keys: [PartnerID: [LinkKey]] = [:]
        let rows = try Row.fetchCursor(
            db, sql: "SELECT partner, secret FROM link_key WHERE until_version IS NULL ORDER BY partner, id")
        while let row = try rows.next() {
            keys[try PartnerState.id(row[0]), default: []].append(LinkKey(secret: row[1]))
        }
        return keys
    }
}

/// How a key is written in the table `link_key`.
private enum LinkKeyRow {
    private static let query = """
        SELECT id, since.version, since.learned_at, since.source, until.version, until.learned_at, until.source
        FROM link_key
        JOIN directory_version AS since ON since.version = since_version
        LEFT JOIN directory_version AS until ON until.version = until_version
        WHERE partner = ?
        """

    static func all(of id: PartnerID, _ db: Database) throws -> [PartnerKey] {
        try Row.fetchAll(db, sql: query + " ORDER BY id DESC", arguments: [PartnerState.number(id)]).map { key($0, of: id) }
    }

    static func key(_ number: Int64, of id: PartnerID, _ db: Database) throws -> PartnerKey {
        // It was there a moment ago, in the same transaction.
        key(try Row.fetchOne(db, sql: query + " AND id = ?", arguments: [PartnerState.number(id), number])!, of: id)
    }

    private static func key(_ row: Row, of id: PartnerID) -> PartnerKey {
        PartnerKey(number: row[0], partner: id, since: version(row, at: 1)!, until: version(row, at: 4))
    }

    private static func version(_ row: Row, at column: Int) -> DirectoryVersion? {
        guard let number = row[column] as Int? else { return nil }
        return DirectoryVersion(
            number: number, learnedAt: Timestamp(microseconds: row[column + 1]), source: row[column + 2])
    }
}
