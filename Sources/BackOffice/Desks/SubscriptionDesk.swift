import Attribution
import Ledger
import Logging
import NIOPosix
import Office
import Subscriptions

/// Where a running server takes what the provider tells, and changes partners of record. Each change is in the ledger before it is
/// answered, as long as the ledger can commit; else it stands, its record follows, and the log and the page Health tell meanwhile.
struct SubscriptionDesk: Sendable {
    private let office: Office
    private let ledger: LedgerDesk
    private let threads: NIOThreadPool
    private let now: @Sendable () -> Timestamp
    private let receipt: @Sendable (Timestamp) -> Receipt
    private let rules: SubscriptionRules
    private let outbox: AssociationOutbox
    /// By which customers' links are judged.
    private let customerKeys: CustomerKeyring
    /// How often signatures that are wrong are looked at: each writes a line of the access log, and anybody can send one.
    private let strangers = RequestAllowance(burst: 60, perSecond: 1)
    /// How often may be called with a token's signature: as often as with the token. Who has copied a call may send it again.
    private let signers = RequestAllowance.ofProvider()

    /// How often changes that the ledger could not take are handed over again.
    private static let pause = Duration.seconds(5)

    init(
        office: Office, ledger: LedgerDesk, threads: NIOThreadPool, rules: SubscriptionRules, customerKeys: CustomerKeyring,
        now: @escaping @Sendable () -> Timestamp, receipt: @escaping @Sendable (Timestamp) -> Receipt,
        append: @escaping @Sendable ([AssociationDraft]) async -> Bool, logger: Logger
    ) {
        self.office = office
        self.ledger = ledger
        self.threads = threads
        self.rules = rules
        self.customerKeys = customerKeys
        self.now = now
        self.receipt = receipt
        outbox = AssociationOutbox(
            unrecorded: {
                try await threads.runIfActive { try office.unrecordedAssociations(limit: AssociationOutbox.portion) }
            },
            isInLedger: { receipt in try await ledger.read { try $0.record(receipt: receipt) != nil } },
            append: append,
            markRecorded: { recorded in try await threads.runIfActive { try office.markRecorded(recorded) } },
            backlog: { try await threads.runIfActive { try office.associationBacklog() } },
            now: now, logger: logger)
    }

    /// Hands over what a crash or a full disk left behind, at once and from time to time, until its task is cancelled.
    func keepRecorded() async {
        repeat { await outbox.drain() } while (try? await Task.sleep(for: Self.pause)) != nil
    }

    /// - Throws: as ``Office/take(_:claimed:_:receipt:by:at:)``.
    func take(_ event: SubscriptionEvent, by caller: Caller) async throws -> EventReport {
        let claimed = try await ledger.read { try $0.claimedSignup(event.claimed) }
        let time = now()
        return try await changing { [rules, receipt] in
            try $0.take(event, claimed: claimed, rules, receipt: receipt, by: caller, at: time)
        }
    }

    /// - Throws: as ``Office/take(_:by:at:)``.
    func take(_ event: UsageEvent, by caller: Caller) async throws -> EventReport {
        let time = now()
        return try await threads.runIfActive { [office] in try office.take(event, by: caller, at: time) }
    }

    /// - Throws: as ``Office/setPartnerOfRecord(_:of:onlyIf:origin:signature:receipt:by:at:)``.
    func set(
        _ order: AssociationOrder, of id: String, onlyIf versions: Set<Int>?, origin: AssociationOrigin,
        signature: ProviderSignature? = nil, by caller: Caller
    ) async throws -> Subscription {
        let time = now()
        return try await changing { [receipt] in
            try $0.setPartnerOfRecord(
                order, of: id, onlyIf: versions, origin: origin, signature: signature, receipt: receipt, by: caller, at: time)
        }
    }

    /// - Throws: as ``Office/removePartnerOfRecord(of:note:onlyIf:origin:signature:receipt:by:at:)``.
    func remove(
        of id: String, note: String?, onlyIf versions: Set<Int>?, origin: AssociationOrigin,
        signature: ProviderSignature? = nil, by caller: Caller
    ) async throws -> Subscription {
        let time = now()
        return try await changing { [receipt] in
            try $0.removePartnerOfRecord(
                of: id, note: note, onlyIf: versions, origin: origin, signature: signature, receipt: receipt, by: caller,
                at: time)
        }
    }

    /// - Throws: as ``Office/decideConflict(_:_:onlyIf:receipt:by:at:)``.
    func decide(
        _ order: ConflictOrder, onConflict id: Int64, onlyIf versions: Set<Int>?, by caller: Caller
    ) async throws -> Conflict {
        let time = now()
        return try await changing { [receipt] in
            try $0.decideConflict(id, order, onlyIf: versions, receipt: receipt, by: caller, at: time)
        }
    }

    /// Makes a customer's link, which holds at the front door before this returns.
    ///
    /// - Throws: as ``Office/issueCustomerLink(to:days:by:at:)``.
    func issueLink(to id: String, days: Int, by caller: Caller) async throws -> IssuedCustomerLink {
        let time = now()
        return try await threads.runIfActive { [office, customerKeys] in
            let issued = try office.issueCustomerLink(to: id, days: days, by: caller, at: time)
            try customerKeys.refresh { try office.customerKeys() }
            return issued
        }
    }

    /// Ends all customers' links: none holds at the front door when this returns.
    func endLinks(by caller: Caller) async throws {
        let time = now()
        try await threads.runIfActive { [office, customerKeys] in
            try office.endCustomerLinks(by: caller, at: time)
            try customerKeys.refresh { try office.customerKeys() }
        }
    }

    /// - Throws: as ``Office/importSubscriptions(_:fileName:claimed:_:receipt:by:at:dryRun:)``.
    func importEvents(
        _ bytes: [UInt8], fileName: String, by caller: Caller, dryRun: Bool
    ) async throws -> SubscriptionImportReport {
        let time = now()
        let csv = try await threads.runIfActive { SubscriptionCSV(bytes, now: time) }
        let claimed = try await ledger.read { reader in try csv.claimedSignups(reader) }
        return try await changing { [rules, receipt] in
            try $0.importSubscriptions(
                csv, fileName: fileName, claimed: { claimed[$0] }, rules, receipt: receipt, by: caller, at: time,
                dryRun: dryRun)
        }
    }

    /// Changes something, and hands what is to be recorded to the ledger before it returns.
    private func changing<Value: Sendable>(_ work: @escaping @Sendable (Office) throws -> Value) async throws -> Value {
        let value = try await threads.runIfActive { [office] in try work(office) }
        // When it can't be recorded now, the change stands all the same: it is on disk with its draft.
        await outbox.drain()
        return value
    }

    /// - Throws: ``Problem`` 429 when calls that the token has signed came too often.
    func admit(_ signer: Token) throws {
        guard let seconds = signers.wait(signer.id, at: now()) else { return }
        throw Problem.tooManyRequests("the token \(signer.name) asked too often; try again in \(seconds) s", retryAfter: seconds)
    }

    /// Writes to the access log that somebody was refused of whom nothing is known but the address.
    ///
    /// - Throws: ``Problem`` 429, and nothing is written, when there were too many of late.
    func noteRefusal(_ what: String, ofStrangerAt address: String) async throws {
        if let seconds = strangers.wait(0, at: now()) {
            throw Problem.tooManyRequests("too many signatures were wrong; try again in \(seconds) s", retryAfter: seconds)
        }
        try await noteRefusal(what, of: Caller(name: "unknown", way: .token, address: address))
    }

    /// Writes to the access log that a call was refused, and uses up its signature. How often somebody may call, their token says.
    func noteRefusal(_ what: String, of caller: Caller, signature: ProviderSignature? = nil) async throws {
        let time = now()
        try await threads.runIfActive { [office] in
            try office.noteRefusal(what, signature: signature, by: caller, at: time)
        }
    }
}
