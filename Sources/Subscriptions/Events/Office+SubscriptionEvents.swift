package import Attribution
internal import GRDB
package import Office

extension Office {
    /// Takes what the provider tells of a subscription, once: what was told before under the same event ID is answered again and
    /// changes nothing.
    ///
    /// A usable receipt sets the partner of record of a subscription that never had one. Where there was one, also one that was removed
    /// since, somebody has decided already. A subscription that turns out to be a syndicator's has no partner of record from then on.
    /// What an event says that is older than the last one is kept, and not taken over.
    ///
    /// - Parameters:
    ///   - claimed: what the ledger knows of the event's receipt.
    ///   - receipt: makes the receipt of a record for that time.
    /// - Throws: ``SubscriptionRefusal`` `event-differs` or `subscription-differs`; ``OfficeError``.
    package func take(
        _ event: SubscriptionEvent, claimed: ClaimedSignup, _ rules: SubscriptionRules, receipt: @escaping (Timestamp) -> Receipt,
        by caller: Caller, at time: Timestamp
    ) throws -> EventReport {
        try change(by: caller, .subscriptionEvent, at: time) { db in
            let (report, removes) = try EventTaking(rules: rules, caller: caller, time: time, receipt: receipt)
                .take(event, claimed: claimed, db)
            return (report, EventTaking.summary(report, removes: removes))
        }
    }

    /// Takes what the provider tells of a subscription's workload, once.
    ///
    /// - Throws: ``SubscriptionRefusal`` `unknown` or `event-differs`; ``OfficeError``.
    package func take(_ event: UsageEvent, by caller: Caller, at time: Timestamp) throws -> EventReport {
        try change(by: caller, .subscriptionEvent, at: time) { db in
            var subscription = try SubscriptionRow.required(event.subscription, db)
            if try EventRow.earlier(event.eventID, content: event.content, db) != nil {
                let report = EventRow.report(event.eventID, isRepeated: true, subscription)
                return (report, EventTaking.summary(report))
            }
            try EventRow.insert(
                event.eventID, .usage, of: subscription.id, time: event.time, receivedAt: time, by: caller,
                content: event.content, db)
            try db.execute(
                sql: "INSERT INTO workload_activity (subscription, time, event, is_active) VALUES (?, ?, ?, ?)",
                arguments: [subscription.id, event.time.microseconds, event.eventID, event.isActive])
            // Reports may come out of order: the latest by its own time holds.
            let latest = try Bool.fetchOne(
                db,
                sql: "SELECT is_active FROM workload_activity WHERE subscription = ? ORDER BY time DESC, event DESC LIMIT 1",
                arguments: [subscription.id])
            if subscription.isActive != latest {
                subscription.isActive = latest
                subscription.version += 1
                try SubscriptionRow.write(subscription, db)
            }
            let report = EventRow.report(event.eventID, isRepeated: false, subscription)
            return (report, "\(subscription.id), workload \(event.isActive ? "active" : "not active")")
        }
    }
}

/// Takes events of subscriptions within a transaction: one that was told, or all of a file.
struct EventTaking {
    let rules: SubscriptionRules
    let caller: Caller
    let time: Timestamp
    let receipt: (Timestamp) -> Receipt

    /// What the access log says of one. What is told again changes nothing, and may be somebody else's copy of a signed call.
    ///
    /// - Parameter removes: as of ``take(_:claimed:_:)``.
    static func summary(_ report: EventReport, removes: Bool = false) -> String {
        let finding = report.receipt.map { ", receipt \($0.rawValue)" } ?? ""
        let removal = removes ? ", partner of record removed" : ""
        return "\(report.subscription), event \(report.event)" + (report.isRepeated ? " again" : finding) + removal
    }

    /// - Returns: what became of it, and whether it removed a partner of record.
    /// - Throws: ``SubscriptionRefusal`` `event-differs` or `subscription-differs`.
    func take(
        _ event: SubscriptionEvent, claimed: ClaimedSignup, _ db: Database
    ) throws -> (report: EventReport, removes: Bool) {
        if let earlier = try EventRow.earlier(event.eventID, content: event.content, db) {
            let report = EventRow.report(
                event.eventID, finding: earlier.finding, isAssociated: earlier.isAssociated, isRepeated: true,
                try SubscriptionRow.required(event.subscription, db))
            return (report, false)
        }
        let signup = claimed.receipt?.description
        let isUsed = try signup.map { try EventRow.isUsed($0, besides: event.subscription, db) } ?? false
        // A receipt that is one is kept as we write it: it is looked up by that.
        let kept = signup ?? event.claimed
        var subscription = try told(event, db)
        // It may be told of late, and again long after: what counts is how long after the sign-up it was made. One that was there before
        // the sign-up did not come of it by then: what did is what is told now.
        let isOlder = claimed.receipt.map { $0.time > subscription.createdAt } ?? false
        let finding = ReceiptFinding(
            claimed, at: isOlder ? event.time : subscription.createdAt, rules, isUsed: isUsed,
            carriesPartner: subscription.channel.carriesPartner)
        try EventRow.insert(
            event.eventID, .subscription, of: subscription.id, time: event.time, receivedAt: time, by: caller, receipt: kept,
            finding: finding, content: event.content, db)
        var (isAssociated, removes) = (false, false)
        if !subscription.channel.carriesPartner {
            removes = subscription.association != nil
            try leave(&subscription, db)
        } else if finding == .usable, case .attributed(let origin, let partner) = claimed {
            try ConflictDetection.take(origin, of: partner, event: event.eventID, for: subscription, at: time, db)
            if subscription.changes == 0 {
                // In none of the programs: partner of record all the same, and nothing counts until it is set again for one.
                let program = try Office.partner(partner, db)?.enrolled.first
                try AssociationRow.set(
                    PartnerOfRecord(partner: partner, program: program, evidence: .receipt), of: &subscription,
                    AssociationRow.Cause(origin: .receipt, actor: caller.name, signup: signup, note: nil),
                    receipt: receipt(time), at: time, db)
                try EventRow.markAssociated(event.eventID, db)
                isAssociated = true
            }
        }
        let report = EventRow.report(
            event.eventID, finding: finding, isAssociated: isAssociated, isRepeated: false, subscription)
        return (report, removes)
    }

    /// What follows when a subscription is a syndicator's: whoever was partner of record before the provider said so is it no more,
    /// for nobody could change or remove it, and is told.
    private func leave(_ subscription: inout Subscription, _ db: Database) throws {
        guard subscription.association != nil else { return try ConflictDetection.leave(subscription, at: time, db) }
        try AssociationRow.set(
            nil, of: &subscription, AssociationRow.Cause(origin: .provider, actor: caller.name), receipt: receipt(time), at: time,
            db)
    }

    /// Writes the subscription as the event tells it.
    private func told(_ event: SubscriptionEvent, _ db: Database) throws -> Subscription {
        guard var subscription = try SubscriptionRow.fetch(event.subscription, db) else {
            let new = Subscription(
                id: event.subscription, tenant: event.tenant, product: event.product, offer: event.offer, seats: event.seats,
                channel: event.channel, createdAt: event.time, toldAt: event.time, version: 1, changes: 0)
            try SubscriptionRow.write(new, db)
            return new
        }
        guard subscription.tenant == event.tenant, subscription.product == event.product else {
            throw SubscriptionRefusal.subscriptionDiffers(subscription.id)
        }
        let before = subscription
        subscription.createdAt = min(subscription.createdAt, event.time)
        if event.time >= subscription.toldAt {
            (subscription.offer, subscription.seats, subscription.channel) = (event.offer, event.seats, event.channel)
        }
        // Who has seen it as it is has nothing to look at again when the provider says, each night, that it still is so.
        if subscription != before { subscription.version += 1 }
        subscription.toldAt = max(subscription.toldAt, event.time)
        if subscription != before { try SubscriptionRow.write(subscription, db) }
        return subscription
    }
}

extension ClaimedSignup {
    /// Of a sign-up that the ledger has.
    var receipt: Receipt? {
        switch self {
        case .absent, .unknown: nil
        case .unattributed(let receipt), .attributed(let receipt, _): receipt
        }
    }
}
