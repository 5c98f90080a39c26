package import Attribution
internal import GRDB

/// That the provider named an attributed sign-up for a subscription, with a receipt that could be used: the claim of the
/// sign-up's partner. The first one of a subscription makes the partner of record; what comes later stands beside it.
package struct SignupClaim: Equatable, Sendable {
    package let subscription: String
    /// The sign-up's receipt, which also says when the sign-up came.
    package let signup: Receipt
    package let partner: PartnerID
    /// The provider's event that named it.
    package let event: String
    /// Until somebody decides by hand who is the subscription's partner of record: what was claimed before is settled then.
    package let isOpen: Bool
}

/// How claims are written in the table `signup_claim`.
enum SignupClaimRow {
    static let columns = "subscription, signup, partner, event, is_open"

    static func claim(_ row: Row) throws -> SignupClaim {
        guard let signup = Receipt(row["signup"] as String) else { throw SubscriptionRow.damaged("a receipt that is none") }
        return SignupClaim(
            subscription: row["subscription"], signup: signup, partner: try SubscriptionRow.partner(row["partner"]),
            event: row["event"], isOpen: row["is_open"])
    }

    /// A receipt that comes again with another event claims nothing new.
    static func insert(
        _ signup: Receipt, of partner: PartnerID, event: String, for subscription: Subscription, _ db: Database
    ) throws {
        let number = SubscriptionRow.number(partner)
        try db.cachedStatement(
            sql: """
                INSERT INTO signup_claim (subscription, signup, partner, event, is_open, tenant, product)
                VALUES (?, ?, ?, ?, 1, ?, ?) ON CONFLICT (subscription, signup) DO NOTHING
                """
        ).execute(arguments: [
            subscription.id, signup.description, number, event, subscription.tenant, subscription.product.rawValue,
        ])
    }

    /// Settles what was claimed of a subscription.
    static func settle(of subscription: String, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE signup_claim SET is_open = 0 WHERE subscription = ? AND is_open = 1")
            .execute(arguments: [subscription])
    }

    /// The receipt of a partner's last sign-up that was named for a subscription; nil when there is none.
    static func latestSignup(of partner: PartnerID, for subscription: String, _ db: Database) throws -> String? {
        // The order of receipts is that of the sign-ups.
        try String.fetchOne(
            db, sql: "SELECT max(signup) FROM signup_claim WHERE subscription = ? AND partner = ?",
            arguments: [subscription, SubscriptionRow.number(partner)])
    }
}
