import Attribution
import Office
package import Subscriptions

/// Where customers who come by a link are served: by the same desks as the back office, on threads that are not the front
/// door's.
struct CustomerCounter: CustomerOffice {
    private let desks: Desks
    /// How often a link to one subscription may ask. Who looks an ID up and corrects it asks some ten times; each request is in
    /// the access log, and each check tells a partner's name.
    private let visits = RequestAllowance(burst: 40, perSecond: 0.1)
    /// How many refused strangers are in the access log: anybody can make links up.
    private let strangers = RequestAllowance(burst: 60, perSecond: 0.1)

    /// The same of who has a link to one subscription that has ended: it costs those nothing who have one that holds.
    private let formerBearers = RequestAllowance(burst: 20, perSecond: 0.1)

    /// Of whom nothing is known but the address.
    private static let strangerName = "unknown"

    init(desks: Desks) {
        self.desks = desks
    }

    func wait(for subscription: String) -> Int? { visits.wait(Self.number(of: subscription), at: desks.now()) }

    private static func number(of subscription: String) -> Int64 { Int64(subscription.hashValue) }

    func subscription(_ id: String) async throws -> Subscription? { try await desks.office { try $0.subscription(id) } }

    func partner(_ id: PartnerID) async throws -> Partner? { try await desks.office { try $0.partner(id) } }

    func set(_ order: AssociationOrder, of id: String, onlyIf versions: Set<Int>, by caller: Caller) async throws {
        _ = try await desks.subscriptions.set(order, of: id, onlyIf: versions, origin: .customer, by: caller)
    }

    func remove(of id: String, onlyIf versions: Set<Int>, by caller: Caller) async throws {
        _ = try await desks.subscriptions.remove(of: id, note: nil, onlyIf: versions, origin: .customer, by: caller)
    }

    func note(_ action: AccessEntry.Action, _ what: String, by caller: Caller) async throws {
        let time = desks.now()
        try await desks.office { try $0.noteAccess(by: caller, action, what, at: time) }
    }

    func noteStranger(_ what: String, withLinkTo subscription: String?, at address: String) async throws {
        let seconds =
            if let subscription {
                formerBearers.wait(Self.number(of: subscription), at: desks.now())
            } else {
                strangers.wait(0, at: desks.now())
            }
        guard seconds == nil else { return }
        try await note(.subscriptionRefused, what, by: Caller(name: Self.strangerName, way: .link, address: address))
    }
}

extension Desks {
    /// Serves customers who come by a link. One for each server: it knows how often they came.
    package func customerCounter() -> any CustomerOffice { CustomerCounter(desks: self) }
}
