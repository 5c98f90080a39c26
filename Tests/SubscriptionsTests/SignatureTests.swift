import Attribution
import GRDB
import Office
import Testing

@testable import Subscriptions

@Suite("The provider's signature")
struct SignatureTests {
    private static let now = Timestamp(rfc3339: "2016-10-05T08:00:00Z")!
    private static let hex = String(repeating: "0a", count: 32)

    private func signature(_ time: String, _ hex: String = Self.hex) throws -> ProviderSignature {
        try ProviderSignature(
            time: time, signature: hex, method: "POST", target: "/api/v1/subscriptions", body: Array("{}".utf8), now: Self.now)
    }

    @Test("is over the time as it was sent, method, target and body")
    func message() throws {
        let signature = try signature("2016-10-05T08:00:00Z")
        #expect(String(decoding: signature.message, as: UTF8.self) == "2016-10-05T08:00:00Z\nPOST /api/v1/subscriptions\n{}")
        #expect(signature.code == [UInt8](repeating: 10, count: 32))
    }

    @Test("holds for 300 s, before and after")
    func tolerance() throws {
        for time in ["2016-10-05T07:55:00Z", "2016-10-05T08:05:00Z"] { _ = try signature(time) }
        for time in ["2016-10-05T07:54:59Z", "2016-10-05T08:05:01Z", "2015-10-05T08:00:00Z"] {
            #expect(throws: ProviderSignature.Fault.stale) { try signature(time) }
        }
    }

    @Test("is 64 hexadecimal digits")
    func malformed() throws {
        for hex in ["", "0a", String(repeating: "0", count: 63) + "g", Self.hex + "0a"] {
            #expect(throws: ProviderSignature.Fault.malformed) { try signature("2016-10-05T08:00:00Z", hex) }
        }
        #expect(throws: ProviderSignature.Fault.malformed) { try signature("yesterday") }
    }

    @Test("changes a partner of record once, whatever became of it, until its time is over")
    func once() throws {
        let office = try Office.withPartners()
        try office.tell(.sample("e-1"))
        let call = try signature("2016-10-05T08:00:00Z")
        func set(_ call: ProviderSignature, _ text: String, onlyIf versions: Set<Int>? = nil) throws -> Subscription {
            try office.setPartnerOfRecord(
                AssociationOrder(partner: partner(text)), of: "sub-1", onlyIf: versions, origin: .provider, signature: call,
                receipt: newReceipt(at:), by: .provider, at: Self.now)
        }
        let first = try set(call, "1234567")
        #expect(try office.associations(of: "sub-1", limit: 1).map(\.origin) == [.provider])
        let removed = try office.remove()
        // Without the mark, whoever has a copy would undo what came later.
        #expect(throws: SubscriptionRefusal.replayed(removed)) { try set(call, "1234567") }
        #expect(throws: SubscriptionRefusal.replayed(removed)) {
            try office.removePartnerOfRecord(
                of: "sub-1", origin: .provider, signature: call, receipt: newReceipt(at:), by: .provider, at: Self.now)
        }
        #expect(try office.subscription("sub-1") == removed && removed.changes == 2)

        // What was refused is not taken when it is sent again without its condition.
        let late = try signature("2016-10-05T08:00:00Z", String(repeating: "0b", count: 32))
        #expect(throws: SubscriptionRefusal.changed(removed)) { try set(late, "2345678", onlyIf: [first.version]) }
        try office.noteRefusal("sub-1: changed-meanwhile", signature: late, by: .provider, at: Self.now)
        #expect(throws: SubscriptionRefusal.replayed(removed)) { try set(late, "2345678") }
        #expect(try office.accessLog(limit: 1).first?.action == .subscriptionRefused)

        let next = try signature("2016-10-05T08:00:00Z", String(repeating: "0c", count: 32))
        #expect(try set(next, "2345678").association?.partner == partner("2345678"))
        let kept = try office.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM signed_call") }
        #expect(kept == 3)
    }

    @Test("is forgotten when its time is over")
    func forgotten() throws {
        let office = try Office.withPartners()
        let call = try signature("2016-10-05T08:00:00Z")
        func use(_ seconds: Double) throws -> Bool {
            let time = Timestamp(microseconds: Self.now.microseconds + Int64(seconds * 1_000_000))
            return try office.writeUnnoted { try SignedCallRow.use(call, at: time, $0) }
        }
        #expect(try use(0))
        // A time of whole seconds that lay 300 s ahead is within 300 s until the next second has begun.
        #expect(try !use(600.999))
        #expect(try use(602))
    }
}
