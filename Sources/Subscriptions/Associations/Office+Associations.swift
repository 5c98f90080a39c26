package import Attribution
internal import GRDB
package import Office

extension Office {
    /// Sets a subscription's partner of record.
    ///
    /// - Parameters:
    ///   - versions: the subscription must have one of these, judged in the transaction, so that nobody writes over what they have not
    ///     seen; nil: any.
    ///   - origin: by whom.
    ///   - signature: what the order was signed with; nil when it came otherwise. It is good once.
    ///   - receipt: makes the receipt of the ledger's record.
    /// - Returns: the subscription as it is then; as it was when it is so already.
    /// - Throws: ``SubscriptionRefusal``, ``OfficeError``.
    @discardableResult
    package func setPartnerOfRecord(
        _ order: AssociationOrder, of id: String, onlyIf versions: Set<Int>? = nil, origin: AssociationOrigin,
        signature: ProviderSignature? = nil, receipt: (Timestamp) -> Receipt, by caller: Caller, at time: Timestamp
    ) throws -> Subscription {
        try change(by: caller, .subscriptionChange, at: time) { db in
            try Self.useOnce(signature, for: id, at: time, db)
            var subscription = try Self.editable(id, onlyIf: versions, db)
            let next = try Self.association(order, at: time, db)
            if subscription.association == next { return (subscription, nil) }
            let change = try AssociationRow.set(
                next, of: &subscription, AssociationRow.Cause(origin: origin, actor: caller.name, note: order.note),
                receipt: receipt(time), at: time, db)
            return (subscription, "\(id), change \(change.number): \(next.partner)")
        }
    }

    /// Removes a subscription's partner of record.
    ///
    /// - Parameters: as of ``setPartnerOfRecord(_:of:onlyIf:origin:signature:receipt:by:at:)``.
    /// - Throws: ``SubscriptionRefusal``, `no-partner` among them; ``OfficeError``.
    @discardableResult
    package func removePartnerOfRecord(
        of id: String, note: String? = nil, onlyIf versions: Set<Int>? = nil, origin: AssociationOrigin,
        signature: ProviderSignature? = nil, receipt: (Timestamp) -> Receipt, by caller: Caller, at time: Timestamp
    ) throws -> Subscription {
        try change(by: caller, .subscriptionChange, at: time) { db in
            try Self.useOnce(signature, for: id, at: time, db)
            var subscription = try Self.editable(id, onlyIf: versions, db)
            guard let removed = subscription.association?.partner else { throw SubscriptionRefusal.noPartner(subscription) }
            let change = try AssociationRow.set(
                nil, of: &subscription, AssociationRow.Cause(origin: origin, actor: caller.name, note: note),
                receipt: receipt(time), at: time, db)
            return (subscription, "\(id), change \(change.number): \(removed) removed")
        }
    }

    /// - Throws: ``SubscriptionRefusal`` `replayed` for a copy of a call that was answered before.
    private static func useOnce(_ signature: ProviderSignature?, for id: String, at time: Timestamp, _ db: Database) throws {
        guard let signature, try !SignedCallRow.use(signature, at: time, db) else { return }
        throw SubscriptionRefusal.replayed(try SubscriptionRow.required(id, db))
    }

    /// The subscription, when it may be changed.
    private static func editable(_ id: String, onlyIf versions: Set<Int>?, _ db: Database) throws -> Subscription {
        let subscription = try SubscriptionRow.required(id, db)
        guard subscription.channel.carriesPartner else { throw SubscriptionRefusal.syndicated(id) }
        guard versions?.contains(subscription.version) ?? true else { throw SubscriptionRefusal.changed(subscription) }
        return subscription
    }

    /// What an order comes to, by the directory as it is in the transaction.
    static func association(_ order: AssociationOrder, at time: Timestamp, _ db: Database) throws -> PartnerOfRecord {
        guard let partner = try Office.partner(order.partner, db) else { throw SubscriptionRefusal.unknownPartner(order.partner) }
        let (outcome, reason) = partner.standing.outcome(at: time)
        guard outcome == .attributed else { throw SubscriptionRefusal.unusablePartner(order.partner, outcome, reason) }
        if let program = order.program, !partner.enrolled.contains(program) {
            throw SubscriptionRefusal.notEnrolled(order.partner, program)
        }
        return PartnerOfRecord(
            partner: order.partner, program: order.program ?? partner.enrolled.first, evidence: order.evidence)
    }
}
