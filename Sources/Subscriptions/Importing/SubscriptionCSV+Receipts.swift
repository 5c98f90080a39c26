package import Ledger

extension SubscriptionCSV {
    /// What the ledger knows of each receipt that the file has, looked up once.
    package func claimedSignups(_ reader: LedgerReader) throws -> [String: ClaimedSignup] {
        var found: [String: ClaimedSignup] = [:]
        for row in rows {
            guard let text = row.event.claimed, found[text] == nil else { continue }
            found[text] = try reader.claimedSignup(text)
        }
        return found
    }
}
