import Attribution
import Foundation
import Office

@testable import Subscriptions

/// Moments of the tests, in order.
enum Moment {
    static let signup = Timestamp(rfc3339: "2016-10-03T08:00:00Z")!
    static let sold = Timestamp(rfc3339: "2016-10-05T08:00:00Z")!
    static let later = Timestamp(rfc3339: "2016-11-05T08:00:00Z")!
}

extension Caller {
    static let provider = Caller(name: "provider", way: .token, address: "192.0.2.1")
    static let anna = Caller(name: "anna", way: .session, address: "192.0.2.2")
}

func partner(_ text: String) -> PartnerID { PartnerID(text)! }

/// A receipt of that time, another one for each number.
func receipt(_ number: UInt64, at time: Timestamp = Moment.signup) -> Receipt {
    Receipt(time: time, random16: 1, random64: number)
}

/// A receipt that nobody has yet.
func newReceipt(at time: Timestamp) -> Receipt { receipt(.random(in: 1_000 ... .max), at: time) }

extension Office {
    /// With enrolled partners (1234567: both programs, mail in French; 2345678: usage), one in none and without an address (3456789),
    /// and one that is suspended (4567890).
    static func withPartners() throws -> Office {
        let office = try Office.empty()
        let csv = """
            id,name,status,status_reason,email,language,programs
            1234567,One,active,,one@partner.example,fr-FR,Online Services Usage;sell
            2345678,Two,active,,two@partner.example,,usage
            3456789,Three,active,,,,
            4567890,Four,suspended,lapsed,,,sell

            """
        _ = try office.importPartners(
            csv: Array(csv.utf8), fileName: "p.csv", source: "p.csv", by: .anna, at: Moment.signup)
        return office
    }

    @discardableResult
    func tell(
        _ event: SubscriptionEvent, _ claimed: ClaimedSignup = .absent, at time: Timestamp = Moment.sold
    ) throws -> EventReport {
        try take(event, claimed: claimed, SubscriptionRules(), receipt: newReceipt(at:), by: .provider, at: time)
    }

    @discardableResult
    func set(_ text: String, of id: String = "sub-1", program: Program? = nil, onlyIf versions: Set<Int>? = nil) throws
        -> Subscription
    {
        try setPartnerOfRecord(
            AssociationOrder(partner: PartnerID(text)!, program: program), of: id, onlyIf: versions, origin: .admin,
            receipt: newReceipt(at:), by: .anna, at: Moment.later)
    }

    @discardableResult
    func remove(of id: String = "sub-1", onlyIf versions: Set<Int>? = nil) throws -> Subscription {
        try removePartnerOfRecord(
            of: id, note: "asked", onlyIf: versions, origin: .customer, receipt: newReceipt(at:), by: .anna, at: Moment.later)
    }
}

extension SubscriptionEvent {
    /// An event of usual values, with others where they are given.
    static func sample(
        _ event: String = "e-1", _ changed: [Column: String] = [:], seats: Int? = 5, now: Timestamp = Moment.later
    ) throws -> SubscriptionEvent {
        var texts: [Column: String] = [
            .event: event, .id: "sub-1", .tenant: "contoso.example", .product: "office-365", .offer: "E3", .channel: "direct",
            .time: "2016-10-05T07:00:00Z",
        ]
        texts.merge(changed) { $1 }
        return try SubscriptionEvent(seats: seats, now: now) { texts[$0] }
    }
}
