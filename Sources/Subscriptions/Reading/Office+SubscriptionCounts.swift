package import Attribution
internal import GRDB
package import Office

extension Office {
    /// How many subscriptions a tenant has; zeros for one that the provider never told of.
    package func subscriptionCounts(ofTenant tenant: String) throws -> TenantSubscriptions {
        try read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT count(*), count(*) FILTER (WHERE \(SubscriptionRow.lacksPartner))
                    FROM subscription WHERE tenant = ?
                    """,
                arguments: [tenant])
            return TenantSubscriptions(all: row?[0] ?? 0, withoutPartner: row?[1] ?? 0)
        }
    }

    /// How many subscriptions a partner is partner of record of.
    package func subscriptionCount(of partner: PartnerID) throws -> Int {
        try read { db in
            let number = SubscriptionRow.number(partner)
            return try Int.fetchOne(
                db, sql: "SELECT count(*) FROM subscription WHERE partner = ?", arguments: [number]) ?? 0
        }
    }

    /// The IDs of the subscriptions that came of a sign-up: one, unless the provider named its receipt for a subscription
    /// again.
    package func subscriptions(cameOf signup: Receipt, limit: Int) throws -> [String] {
        try read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT subscription FROM subscription_event WHERE receipt = ? AND finding = 'usable'
                    ORDER BY subscription LIMIT ?
                    """,
                arguments: [signup.description, limit])
        }
    }
}

/// How many subscriptions a tenant has.
package struct TenantSubscriptions: Equatable, Sendable {
    package let all: Int
    /// Those that lack a partner of record and could have one.
    package let withoutPartner: Int
}
