internal import Attribution
internal import GRDB

/// The subscriptions of one tenant and product: what a conflict can be about. Those of syndicators are left out, which can have
/// no partner of record.
struct ConflictGroup: Equatable {
    let tenant: String
    let product: Product

    init(_ subscription: Subscription) {
        tenant = subscription.tenant
        product = subscription.product
    }

    init(_ conflict: Conflict) {
        tenant = conflict.tenant
        product = conflict.product
    }

    /// For the two places that every query here has.
    var arguments: StatementArguments { [tenant, product.rawValue] }

    private static let held = """
        subscription WHERE tenant = ? AND product = ? AND partner IS NOT NULL AND channel <> '\(Channel.syndicated.rawValue)'
        """
    /// Those of one partner, for a third place.
    static let heldByOne = "\(held) AND partner = ?"
    private static let claimed = "signup_claim WHERE tenant = ? AND product = ? AND is_open = 1"
    private static let everClaimed = "signup_claim WHERE tenant = ? AND product = ?"

    /// Whether no more than one partner has a claim here. Looks at the ends of two indices, however many subscriptions there
    /// are.
    func isAgreed(_ db: Database) throws -> Bool {
        var partners: Set<Int64> = []
        for source in [Self.held, Self.claimed] {
            for order in ["ASC", "DESC"] {
                let statement = try db.cachedStatement(sql: "SELECT partner FROM \(source) ORDER BY partner \(order) LIMIT 1")
                if let partner = try Int64.fetchOne(statement, arguments: arguments) { partners.insert(partner) }
            }
        }
        return partners.count < 2
    }

    /// Who has a claim here, ascending.
    ///
    /// - Parameter withSettled: also those whose sign-ups were settled.
    func partners(withSettled: Bool = false, _ db: Database) throws -> [PartnerID] {
        let claimed = withSettled ? Self.everClaimed : Self.claimed
        return try Int64.fetchAll(
            db, sql: "SELECT partner FROM \(Self.held) UNION SELECT partner FROM \(claimed) ORDER BY 1",
            arguments: arguments + arguments
        ).map { try SubscriptionRow.partner($0) }
    }

    /// Whether there is a subscription that more than one partner has a claim to.
    func hasContestedSubscription(_ db: Database) throws -> Bool {
        let found = try Int.fetchOne(
            db,
            sql: """
                SELECT 1 FROM signup_claim AS claim JOIN subscription ON subscription.id = claim.subscription
                WHERE claim.tenant = ? AND claim.product = ? AND claim.is_open = 1
                    AND (subscription.partner <> claim.partner
                        OR EXISTS (
                            SELECT 1 FROM signup_claim AS other
                            WHERE other.subscription = claim.subscription AND other.is_open = 1
                                AND other.partner <> claim.partner))
                LIMIT 1
                """,
            arguments: arguments)
        return found != nil
    }

    /// Whether more than one partner has a claim to a subscription.
    static func isContested(_ subscription: Subscription, _ db: Database) throws -> Bool {
        var partners = Set(
            try Int64.fetchAll(
                db, sql: "SELECT DISTINCT partner FROM signup_claim WHERE subscription = ? AND is_open = 1",
                arguments: [subscription.id]))
        if let holder = subscription.association?.partner { partners.insert(SubscriptionRow.number(holder)) }
        return partners.count > 1
    }

    /// Whether somebody has a claim here whom the last decision did not leave in force.
    func hasUndecidedPartner(_ db: Database) throws -> Bool {
        let decided = try ConflictRow.lastDecided(self, db)
        return try partners(db).contains { !decided.contains($0) }
    }

    /// The subscriptions that a decision is about, by ID: those that have a partner of record, or that a sign-up claims.
    func subscriptions(_ db: Database) throws -> [Subscription] {
        try Row.fetchAll(
            db, sql: "SELECT \(SubscriptionRow.columns) FROM subscription WHERE \(Self.concerned) ORDER BY id",
            arguments: arguments
        ).map { try SubscriptionRow.subscription($0) }
    }

    func subscriptionCount(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM subscription WHERE \(Self.concerned)", arguments: arguments) ?? 0
    }

    private static let concerned = """
        tenant = ? AND product = ? AND channel <> '\(Channel.syndicated.rawValue)'
            AND (partner IS NOT NULL
                OR EXISTS (SELECT 1 FROM signup_claim WHERE signup_claim.subscription = subscription.id AND is_open = 1))
        """

    func settleClaims(_ db: Database) throws {
        try db.execute(
            sql: "UPDATE signup_claim SET is_open = 0 WHERE tenant = ? AND product = ? AND is_open = 1", arguments: arguments)
    }
}
