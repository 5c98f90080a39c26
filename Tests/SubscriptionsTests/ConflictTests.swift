import Attribution
import Office
import Testing

@testable import Subscriptions

@Suite("Conflicts between partners")
struct ConflictTests {
    private let office: Office
    private static let first = receipt(1)
    private static let second = receipt(2, at: Timestamp(rfc3339: "2016-10-04T08:00:00Z")!)

    init() throws {
        office = try Office.withPartners()
    }

    /// Tells of a subscription that came of a partner's sign-up.
    private func tell(
        _ event: String, _ id: String = "sub-1", of name: String, _ signup: Receipt,
        _ more: [SubscriptionEvent.Column: String] = [:]
    ) throws {
        let changed = more.merging([.id: id, .receipt: signup.description]) { $1 }
        try office.tell(.sample(event, changed), .attributed(signup, partner(name)))
    }

    private func tellOfTwo() throws {
        try tell("e-1", of: "1234567", Self.first)
        try tell("e-2", of: "2345678", Self.second)
    }

    /// The only one that waits for an admin.
    private func open() throws -> ConflictCase {
        let open = try office.conflicts(.open, limit: 10)
        #expect(open.count == 1)
        #expect(try openCount == 1)
        let id = try #require(open.first?.id)
        return try #require(try office.conflict(id))
    }

    @discardableResult
    private func decide(_ choice: String, onlyIf versions: Set<Int>? = nil) throws -> Conflict {
        let id = try #require(try office.conflicts(.open, limit: 1).first?.id)
        let chosen = try #require(ConflictOrder.Choice(choice))
        let order = try ConflictOrder(chosen, note: "asked the customer")
        return try office.decideConflict(
            id, order, onlyIf: versions, receipt: newReceipt(at:), by: .anna, at: Moment.later)
    }

    private var openCount: Int {
        get throws { try office.openConflictCount() }
    }

    @Test("are none while one partner alone has a claim")
    func none() throws {
        try tell("e-1", of: "1234567", Self.first)
        try tell("e-2", of: "1234567", Self.second)
        try tell("e-3", "sub-2", of: "1234567", receipt(3))
        try tell("e-4", "sub-3", of: "2345678", receipt(4), [.tenant: "fabrikam.example"])
        try tell("e-5", "sub-4", of: "2345678", receipt(5), [.product: "intune"])
        try office.tell(.sample("e-6", [.id: "sub-1"]))
        #expect(try openCount == 0)
    }

    @Test("show who is partner of record beside whose sign-up came later, and decide nothing")
    func oneSubscription() throws {
        try tellOfTwo()
        let found = try open()
        #expect(found.sides.map(\.partner) == [partner("1234567"), partner("2345678")])
        #expect(found.sides.map(\.held.count) == [1, 0])
        #expect(found.sides.map(\.claims.count) == [1, 1])
        #expect(found.sides[0].held[0].change.signup == Self.first.description)
        #expect(found.sides[1].claims[0].signup == Self.second && found.sides[1].claims[0].event == "e-2")
        #expect(found.firstTouch?.partner == partner("1234567") && found.lastTouch?.partner == partner("2345678"))
        #expect(found.subscriptions == 1 && found.conflict.settlement == nil)
        #expect(try office.subscription("sub-1")?.association?.partner == partner("1234567"))
        #expect(try office.openConflicts(ofTenant: "contoso.example") == [found.conflict])
        #expect(try office.openConflicts(ofTenant: "fabrikam.example") == [])
    }

    @Test("are one for all subscriptions of a tenant and product, however many are told")
    func oneTenant() throws {
        try tell("e-1", of: "1234567", Self.first)
        try tell("e-2", "sub-2", of: "2345678", Self.second)
        let version = try open().conflict.version
        try tell("e-3", "sub-3", of: "2345678", receipt(3))
        let found = try open()
        #expect(found.conflict.version > version && found.subscriptions == 3)
        #expect(found.sides.map { $0.held.map(\.subscription) } == [["sub-1"], ["sub-2", "sub-3"]])
    }

    @Test("are decided for a partner by its sign-up, with a note that each record has, and the mails that follow")
    func decided() throws {
        try tellOfTwo()
        let decided = try decide("2345678")
        #expect(decided.state == .decided && decided.settlement?.decider == "anna")
        #expect(decided.settlement?.choice == partner("2345678") && decided.settlement?.note == "asked the customer")
        let association = try office.subscription("sub-1")?.association
        #expect(association == PartnerOfRecord(partner: partner("2345678"), program: .usage, evidence: .receipt))
        let change = try #require(try office.associations(of: "sub-1", limit: 1).first)
        #expect(change.origin == .admin && change.actor == "anna" && change.note == "asked the customer")
        #expect(change.conflict == decided.id)
        #expect(change.signup == Self.second.description && change.replaces == partner("1234567"))
        #expect(try office.conflict(decided.id)?.records == [change.receipt])
        let drafts = try office.unrecordedAssociations(limit: 10).entries.map(\.draft)
        #expect(drafts.last?.receipt == change.receipt)
        // Each but the decision's came without one.
        #expect(drafts.map { $0.record.number(.conflict) } == [nil, decided.id])
        let kinds = try Outbox(office: office).entries(ofSubscription: "sub-1", limit: 2).map(\.notice.kind)
        #expect(Set(kinds) == [.added, .removed])
        #expect(try openCount == 0)
        let line = try #require(try office.accessLog(limit: 1).first)
        #expect(line.action == .subscriptionChange && line.what == "conflict \(decided.id): 2345678, subscriptions: 1")
    }

    @Test("are decided so that a subscription keeps its program where the partner is enrolled in it, else gets its first")
    func programs() throws {
        try tell("e-1", of: "1234567", Self.first)
        try tell("e-2", "sub-2", of: "2345678", Self.second)
        let found = try open()
        let held: [Program?] = found.sides.flatMap(\.held).map { $0.change.association?.program }
        #expect(held == [.sell, .usage] && found.sides.map(\.heldCount) == [1, 1])
        // It is enrolled in both: what is held for usage is not turned into a sale.
        try decide("1234567")
        #expect(try office.subscription("sub-1")?.association?.program == .sell)
        #expect(
            try office.subscription("sub-2")?.association
                == PartnerOfRecord(partner: partner("1234567"), program: .usage, evidence: .digital))
        // It is enrolled in usage alone.
        try tell("e-3", of: "2345678", receipt(3))
        #expect(try open().sides.map(\.heldCount) == [2, 0])
        try decide("2345678")
        for id in ["sub-1", "sub-2"] {
            #expect(
                try office.subscription(id)?.association
                    == PartnerOfRecord(partner: partner("2345678"), program: .usage, evidence: .receipt), "\(id)")
        }
    }

    @Test("that are decided for who is partner of record already are recorded as well, and nobody is mailed")
    func confirmed() throws {
        try tellOfTwo()
        let mails = try Outbox(office: office).entries(ofSubscription: "sub-1", limit: 10).count
        try decide("1234567")
        let subscription = try #require(try office.subscription("sub-1"))
        #expect(subscription.association?.partner == partner("1234567") && subscription.changes == 2)
        #expect(subscription.association?.evidence == .receipt)
        #expect(try Outbox(office: office).entries(ofSubscription: "sub-1", limit: 10).count == mails)
        #expect(try openCount == 0)
    }

    @Test("between subscriptions can be decided for one of the partners, or so that each keeps its own")
    func several() throws {
        try tell("e-1", of: "1234567", Self.first)
        try tell("e-2", "sub-2", of: "2345678", Self.second)
        let kept = try decide("keep")
        #expect(kept.settlement?.choice == nil)
        #expect(try office.conflict(kept.id)?.records.count == 2)
        #expect(try office.subscription("sub-2")?.association?.partner == partner("2345678"))
        // The two beside each other are decided; another one is not.
        try tell("e-3", "sub-3", of: "2345678", receipt(3))
        #expect(try openCount == 0)
        try office.set("3456789", of: "sub-3")
        #expect(try openCount == 1)
        try decide("1234567")
        for id in ["sub-1", "sub-2", "sub-3"] {
            #expect(try office.subscription(id)?.association?.partner == partner("1234567"), "\(id)")
        }
        #expect(try office.subscription("sub-2")?.association?.evidence == .digital)
        #expect(try openCount == 0)
        // Whom a decision did not leave in force is no part of it.
        try tell("e-4", "sub-4", of: "2345678", receipt(4))
        #expect(try openCount == 1)
    }

    @Test("leave what nobody has without a partner when each keeps its own: with an entry, and nobody is removed or mailed")
    func leftWithout() throws {
        try tell("e-1", of: "1234567", Self.first)
        try office.remove()
        try tell("e-2", of: "2345678", Self.second)
        try tell("e-3", "sub-2", of: "1234567", receipt(3))
        let mails = try Outbox(office: office).entries(ofSubscription: "sub-1", limit: 10).count
        let decided = try decide("keep")
        let change = try #require(try office.associations(of: "sub-1", limit: 1).first)
        #expect(change.number == 3 && change.association == nil && change.replaces == nil && change.conflict == decided.id)
        let drafts = try office.unrecordedAssociations(limit: 10).entries.map(\.draft)
        let draft = try #require(drafts.first { $0.receipt == change.receipt })
        #expect(draft.record.text(.partner) == nil && draft.record.text(.replaces) == nil)
        #expect(draft.record.number(.conflict) == decided.id)
        #expect(try office.conflict(decided.id)?.records.count == 2)
        #expect(try Outbox(office: office).entries(ofSubscription: "sub-1", limit: 10).count == mails)
        #expect(try openCount == 0)
    }

    @Test("open again when a sign-up claims a subscription of somebody else's, whoever may stand beside each other")
    func again() throws {
        try tell("e-1", of: "1234567", Self.first)
        try tell("e-2", "sub-2", of: "2345678", Self.second)
        try decide("keep")
        try tell("e-3", of: "2345678", receipt(3))
        #expect(try open().sides.map(\.claims.count) == [1, 2])
    }

    @Test("end by themselves when somebody changes a partner of record and one partner is left")
    func ended() throws {
        try tellOfTwo()
        let id = try open().conflict.id
        // By hand: what sign-ups claimed until then is settled.
        try office.set("2345678")
        #expect(try office.conflict(id)?.conflict.state == .ended)
        #expect(try office.conflict(id)?.conflict.settlement?.decider == nil)
        try tell("e-3", of: "2345678", receipt(3))
        #expect(try openCount == 0)
        try tell("e-4", of: "1234567", receipt(4))
        #expect(try open().sides.map(\.held.count) == [0, 1])
        try office.remove()
        #expect(try openCount == 0)
    }

    @Test("are none of a syndicator's subscriptions, and end when one turns out to be so")
    func syndicated() throws {
        try tell("e-1", of: "1234567", Self.first)
        try tell("e-2", "sub-2", of: "2345678", Self.second, [.channel: "syndicated"])
        #expect(try openCount == 0)
        try tell("e-3", "sub-3", of: "2345678", receipt(3))
        #expect(try openCount == 1)
        try office.tell(.sample("e-4", [.id: "sub-3", .channel: "syndicated", .time: "2016-10-05T07:30:00Z"]))
        #expect(try openCount == 0)
    }

    @Test("are decided only by who saw what is there, for who has a claim and can be partner of record, and once")
    func refused() throws {
        try tellOfTwo()
        let seen = try open().conflict
        #expect(throws: ConflictRefusal.notClaimed(partner("3456789"))) { try decide("3456789") }
        #expect(throws: ConflictRefusal.unknown(99)) {
            try office.decideConflict(
                99, ConflictOrder(.keep, note: "a"), receipt: newReceipt(at:), by: .anna, at: Moment.later)
        }
        for note in [nil, "", " ", String(repeating: "x", count: 501), "a\u{7}"] {
            #expect(throws: ConflictRefusal.note) { try ConflictOrder(.keep, note: note) }
        }
        #expect(ConflictOrder.Choice("0123") == nil && ConflictOrder.Choice("") == nil)
        try tell("e-3", of: "4567890", receipt(3))
        let now = try open().conflict
        #expect(throws: ConflictRefusal.changed(now)) { try decide("1234567", onlyIf: [seen.version]) }
        #expect(throws: SubscriptionRefusal.unusablePartner(partner("4567890"), .suspended, .lapsed)) { try decide("4567890") }
        #expect(try office.subscription("sub-1")?.changes == 1, "what is refused changes nothing")
        let decided = try decide("1234567", onlyIf: [now.version])
        #expect(throws: ConflictRefusal.settled(decided)) {
            try office.decideConflict(
                decided.id, ConflictOrder(.keep, note: "a"), receipt: newReceipt(at:), by: .anna, at: Moment.later)
        }
    }

    @Test("come out of an import, and a preview leaves none behind")
    func imported() throws {
        let lines = [
            "event,id,tenant,product,offer,seats,channel,time,receipt",
            "e-1,sub-1,contoso.example,crm,X,1,direct,2016-10-05T07:00:00Z,\(Self.first)",
            "e-2,sub-2,contoso.example,crm,X,1,direct,2016-10-05T07:00:00Z,\(Self.second)",
        ]
        let csv = SubscriptionCSV(Array(lines.joined(separator: "\n").utf8), now: Moment.later)
        let claimed: [String: ClaimedSignup] = [
            Self.first.description: .attributed(Self.first, partner("1234567")),
            Self.second.description: .attributed(Self.second, partner("2345678")),
        ]
        for dryRun in [true, false] {
            let report = try office.importSubscriptions(
                csv, fileName: "s.csv", claimed: { claimed[$0] }, SubscriptionRules(), receipt: newReceipt(at:), by: .anna,
                at: Moment.later, dryRun: dryRun)
            #expect(report.associated == 2)
            #expect(try openCount == (dryRun ? 0 : 1))
        }
    }

    @Test("are listed page by page, by their state")
    func listed() throws {
        for number: UInt64 in 0..<3 {
            let tenant = "tenant-\(number).example"
            try tell("a-\(number)", "sub-a\(number)", of: "1234567", receipt(10 + number), [.tenant: tenant])
            try tell("b-\(number)", "sub-b\(number)", of: "2345678", receipt(20 + number), [.tenant: tenant])
        }
        let all = try office.conflicts(.open, limit: 10)
        #expect(all.map(\.tenant) == ["tenant-2.example", "tenant-1.example", "tenant-0.example"])
        #expect(try office.conflicts(.open, before: all[0].id, limit: 1) == [all[1]])
        try decide("keep")
        #expect(try office.conflicts(.decided, limit: 10).map(\.id) == [all[0].id])
        #expect(try office.conflicts(.ended, limit: 10).isEmpty)
    }
}
