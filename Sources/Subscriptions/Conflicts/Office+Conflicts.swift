package import Attribution
internal import GRDB
package import Office

extension Office {
    /// How many conflicts wait for an admin.
    package func openConflictCount() throws -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM conflict WHERE state = 'open'") ?? 0 }
    }

    /// Conflicts in a state, the newest first.
    ///
    /// - Parameter before: only those with a smaller ID: what a page goes on behind.
    package func conflicts(_ state: ConflictState, before: Int64 = .max, limit: Int) throws -> [Conflict] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT \(ConflictRow.columns) FROM conflict WHERE state = ? AND id < ? ORDER BY id DESC LIMIT ?",
                arguments: [state.rawValue, before, limit]
            ).map { try ConflictRow.conflict($0) }
        }
    }

    /// The conflicts about a tenant's subscriptions that wait for an admin: one for each product at most.
    package func openConflicts(ofTenant tenant: String) throws -> [Conflict] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT \(ConflictRow.columns) FROM conflict WHERE tenant = ? AND state = 'open' ORDER BY id",
                arguments: [tenant]
            ).map { try ConflictRow.conflict($0) }
        }
    }

    /// A conflict with all that is known for each of its partners; nil when there is no such conflict.
    package func conflict(_ id: Int64) throws -> ConflictCase? {
        try read { db in
            guard let conflict = try ConflictRow.fetch(id, db) else { return nil }
            return try Self.conflictCase(of: conflict, db)
        }
    }

    /// Decides a conflict. Each of its subscriptions gets an entry in its history, and so a record in the ledger, which names the
    /// conflict; also one that keeps who it has, or that nobody has: the records are what proves the decision. What sign-ups claimed
    /// until then is settled. One that gets another partner is held for the same program if that partner is enrolled in it, else for
    /// its first.
    ///
    /// - Parameters:
    ///   - versions: the conflict must have one of these; nil: any.
    ///   - receipt: makes the receipt of a record for that time.
    /// - Throws: ``ConflictRefusal``; ``SubscriptionRefusal`` when the chosen partner can't be partner of record;
    ///   ``OfficeError``.
    @discardableResult
    package func decideConflict(
        _ id: Int64, _ order: ConflictOrder, onlyIf versions: Set<Int>? = nil, receipt: (Timestamp) -> Receipt,
        by caller: Caller, at time: Timestamp
    ) throws -> Conflict {
        try change(by: caller, .subscriptionChange, at: time) { db in
            let conflict = try ConflictRow.required(id, db)
            guard conflict.state == .open else { throw ConflictRefusal.settled(conflict) }
            guard versions?.contains(conflict.version) ?? true else { throw ConflictRefusal.changed(conflict) }
            let group = ConflictGroup(conflict)
            if let partner = order.choice.partner {
                let claimants = try group.partners(db)
                guard claimants.contains(partner) else { throw ConflictRefusal.notClaimed(partner) }
            }
            let verdicts = try group.subscriptions(db).map { try Self.verdict(order.choice, on: $0, at: time, db) }
            // Before anything is set: what is still claimed while half of it is would look like another conflict.
            try group.settleClaims(db)
            var receipts: [Receipt] = []
            for verdict in verdicts {
                var subscription = verdict.subscription
                let change = try AssociationRow.set(
                    verdict.association, of: &subscription,
                    AssociationRow.Cause(
                        origin: .admin, actor: caller.name, signup: verdict.signup, note: order.note, conflict: id),
                    receipt: receipt(time), at: time, db)
                receipts.append(change.receipt)
            }
            let left = Set(verdicts.compactMap { $0.association?.partner }).sorted()
            try ConflictRow.decide(
                conflict, order, partners: left, receipts: receipts, by: caller.name, at: time, db)
            let choice = order.choice.partner?.description ?? "each keeps its partner"
            let decided = try ConflictRow.required(id, db)
            return (decided, "conflict \(id): \(choice), subscriptions: \(receipts.count)")
        }
    }

    /// What a decision comes to for a subscription.
    private struct Verdict {
        let subscription: Subscription
        let association: PartnerOfRecord?
        /// The sign-up that it rests on.
        let signup: String?
    }

    private static func verdict(
        _ choice: ConflictOrder.Choice, on subscription: Subscription, at time: Timestamp, _ db: Database
    ) throws -> Verdict {
        guard let partner = choice.partner, partner != subscription.association?.partner else {
            return Verdict(subscription: subscription, association: subscription.association, signup: nil)
        }
        let signup = try SignupClaimRow.latestSignup(of: partner, for: subscription.id, db)
        let order = AssociationOrder(
            partner: partner, program: try keptProgram(of: subscription, by: partner, db),
            evidence: signup == nil ? .digital : .receipt)
        return Verdict(subscription: subscription, association: try association(order, at: time, db), signup: signup)
    }

    /// What a subscription is held for, if the partner is enrolled in that as well: who decides whose it is has not said that it is for
    /// something else.
    private static func keptProgram(
        of subscription: Subscription, by partner: PartnerID, _ db: Database
    ) throws -> Program? {
        guard let program = subscription.association?.program,
            try Office.partner(partner, db)?.enrolled.contains(program) == true
        else { return nil }
        return program
    }

    private static func conflictCase(of conflict: Conflict, _ db: Database) throws -> ConflictCase {
        let group = ConflictGroup(conflict)
        let partners = try group.partners(withSettled: conflict.state != .open, db).prefix(ConflictCase.maximumSides)
        func touch(_ order: String) throws -> SignupClaim? {
            try Row.fetchOne(
                db,
                sql: """
                    SELECT \(SignupClaimRow.columns) FROM signup_claim WHERE tenant = ? AND product = ?
                    ORDER BY signup \(order), subscription LIMIT 1
                    """,
                arguments: group.arguments
            ).map { try SignupClaimRow.claim($0) }
        }
        return ConflictCase(
            conflict: conflict, sides: try partners.map { try side(of: $0, in: group, db) },
            subscriptions: try group.subscriptionCount(db), firstTouch: try touch("ASC"), lastTouch: try touch("DESC"),
            records: try ConflictRow.records(of: conflict.id, limit: ConflictCase.maximumListed, db))
    }

    private static func side(of partner: PartnerID, in group: ConflictGroup, _ db: Database) throws -> ConflictSide {
        let limit = ConflictCase.maximumListed
        let whose: StatementArguments = [group.tenant, group.product.rawValue, SubscriptionRow.number(partner)]
        let arguments: StatementArguments = whose + [limit + 1]
        let held = try Row.fetchAll(
            db, sql: "SELECT \(SubscriptionRow.columns) FROM \(ConflictGroup.heldByOne) ORDER BY id LIMIT ?", arguments: arguments
        ).map { try SubscriptionRow.subscription($0) }
        let claims = try Row.fetchAll(
            db,
            sql: """
                SELECT \(SignupClaimRow.columns) FROM signup_claim WHERE tenant = ? AND product = ? AND partner = ?
                ORDER BY signup, subscription LIMIT ?
                """,
            arguments: arguments
        ).map { try SignupClaimRow.claim($0) }
        return ConflictSide(
            partner: partner,
            held: try held.prefix(limit).map { subscription in
                HeldSubscription(
                    subscription: subscription.id,
                    change: try AssociationRow.required(subscription.changes, of: subscription.id, db))
            },
            heldCount: try Int.fetchOne(db, sql: "SELECT count(*) FROM \(ConflictGroup.heldByOne)", arguments: whose) ?? 0,
            claims: Array(claims.prefix(limit)), isCut: held.count > limit || claims.count > limit)
    }
}
