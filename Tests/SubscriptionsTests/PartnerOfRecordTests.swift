import Attribution
import Dispatch
import Foundation
import Office
import Synchronization
import Testing

@testable import Subscriptions

@Suite("A partner of record")
struct PartnerOfRecordTests {
    private let office: Office

    init() throws {
        office = try Office.withPartners()
        try office.tell(.sample("e-1"))
    }

    @Test("is set, replaced and removed, and the history tells each")
    func history() throws {
        try office.set("1234567")
        try office.set("2345678")
        let removed = try office.remove()
        #expect(removed.association == nil && removed.changes == 3)
        let history = try office.associations(of: "sub-1", limit: 10)
        #expect(history.map(\.number) == [3, 2, 1])
        #expect(history.map(\.association?.partner) == [nil, partner("2345678"), partner("1234567")])
        #expect(history.map(\.replaces) == [partner("2345678"), partner("1234567"), nil])
        #expect(history.map(\.origin) == [.customer, .admin, .admin] && history[0].note == "asked")
        #expect(history.allSatisfy { $0.directoryVersion == 1 })
        #expect(try office.associations(of: "sub-1", before: 3, limit: 1).map(\.number) == [2])
        let lines = try office.accessLog(limit: 3)
        #expect(
            lines.map(\.what) == ["sub-1, change 3: 2345678 removed", "sub-1, change 2: 2345678", "sub-1, change 1: 1234567"])
        #expect(lines.allSatisfy { $0.action == .subscriptionChange && $0.who == "anna" })
    }

    @Test("that is set again as it is changes nothing")
    func unchanged() throws {
        let first = try office.set("1234567")
        #expect(try office.set("1234567") == first)
        #expect(try office.set("1234567", program: .usage).changes == 2)
    }

    @Test("is one that a sign-up would be attributed to, and only in a program that it is enrolled in")
    func usable() throws {
        #expect(throws: SubscriptionRefusal.unknownPartner(partner("9"))) { try office.set("9") }
        #expect(throws: SubscriptionRefusal.unusablePartner(partner("4567890"), .suspended, .lapsed)) {
            try office.set("4567890")
        }
        #expect(throws: SubscriptionRefusal.notEnrolled(partner("2345678"), .sell)) { try office.set("2345678", program: .sell) }
        #expect(throws: SubscriptionRefusal.unknown("sub-9")) { try office.set("1234567", of: "sub-9") }
        let before = try #require(try office.subscription("sub-1"))
        #expect(before.changes == 0)
        #expect(throws: SubscriptionRefusal.noPartner(before)) { try office.remove() }
        #expect(try office.set("2345678").association?.program == .usage)
        #expect(try office.set("3456789").association?.program == nil)
    }

    @Test("is not written over by who has not seen it: they are told what is there now")
    func stale() throws {
        let seen = try #require(try office.subscription("sub-1")?.version)
        let now = try office.set("1234567", onlyIf: [seen])
        #expect(throws: SubscriptionRefusal.changed(now)) { try office.set("2345678", onlyIf: [seen]) }
        #expect(throws: SubscriptionRefusal.changed(now)) { try office.remove(onlyIf: [seen]) }
        #expect(try office.remove(onlyIf: [now.version]).association == nil)
    }

    @Test("that many change at once ends as one, with a history without gaps and no change lost")
    func concurrent() throws {
        let changed = Atomic(0)
        let late = Atomic(0)
        let office = office
        DispatchQueue.concurrentPerform(iterations: 100) { number in
            let wanted = number.isMultiple(of: 2) ? "1234567" : "2345678"
            while true {
                do {
                    guard let seen = try office.subscription("sub-1") else { return }
                    if seen.association?.partner == partner(wanted) {
                        try office.remove(onlyIf: [seen.version])
                    } else {
                        try office.set(wanted, onlyIf: [seen.version])
                    }
                    changed.add(1, ordering: .relaxed)
                    return
                } catch SubscriptionRefusal.changed {
                    late.add(1, ordering: .relaxed)
                } catch {
                    return
                }
            }
        }
        let done = changed.load(ordering: .relaxed)
        #expect(done == 100)
        let history = try office.associations(of: "sub-1", limit: 1_000)
        #expect(history.map(\.number) == Array((1...100).reversed()))
        for (after, before) in zip(history, history.dropFirst()) { #expect(after.replaces == before.association?.partner) }
        let subscription = try #require(try office.subscription("sub-1"))
        #expect(subscription.association == history[0].association && subscription.changes == 100)
    }

    @Test("is each subscription's own: a tenant's list shows which lack one")
    func list() throws {
        try office.tell(.sample("e-2", [.id: "sub-2", .product: "intune"]))
        try office.tell(.sample("e-3", [.id: "sub-3", .tenant: "fabrikam.example"]))
        try office.tell(.sample("e-4", [.id: "sub-4", .channel: "syndicated"]))
        try office.set("1234567")
        var search = SubscriptionSearch()
        search.tenant = "contoso.example"
        #expect(try office.subscriptions(search, limit: 10).map(\.id) == ["sub-1", "sub-2", "sub-4"])
        // What a syndicator sold has none and lacks none; the tenant's count says the same.
        search.withoutPartner = true
        #expect(try office.subscriptionCounts(ofTenant: "contoso.example") == TenantSubscriptions(all: 3, withoutPartner: 1))
        #expect(try office.subscriptions(search, limit: 10).map(\.id) == ["sub-2"])
        search = SubscriptionSearch()
        search.partner = partner("1234567")
        #expect(try office.subscriptions(search, limit: 10).map(\.id) == ["sub-1"])
        search = SubscriptionSearch()
        search.after = "sub-1"
        #expect(try office.subscriptions(search, limit: 1).map(\.id) == ["sub-2"])
        #expect(try office.subscription("sub-2")?.product.portal == .intuneAccount)
    }
}
