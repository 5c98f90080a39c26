internal import Attribution
internal import GRDB

/// How signatures that were used are written in the table `signed_call`: a copy of a call is known by them, also after a restart.
enum SignedCallRow {
    /// A call whose time lies ahead by what is tolerated can be sent again until its time is behind by as much; both are judged in
    /// whole seconds.
    private static let keptMicroseconds = (2 * ProviderSignature.toleranceSeconds + 1) * Timestamp.microsecondsPerSecond

    /// Uses a signature within a transaction, and forgets those that are too old to come again.
    ///
    /// - Returns: false when it was used before.
    static func use(_ signature: ProviderSignature, at time: Timestamp, _ db: Database) throws -> Bool {
        try db.cachedStatement(sql: "DELETE FROM signed_call WHERE time < ?")
            .execute(arguments: [time.microseconds - keptMicroseconds])
        var code: [UInt8] = []
        code.appendHex(signature.code)
        try db.cachedStatement(sql: "INSERT INTO signed_call (code, time) VALUES (?, ?) ON CONFLICT (code) DO NOTHING")
            .execute(arguments: [String(decoding: code, as: UTF8.self), time.microseconds])
        return db.changesCount > 0
    }
}
