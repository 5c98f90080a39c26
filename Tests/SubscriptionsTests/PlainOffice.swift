import Attribution
import Office
import Synchronization

@testable import Subscriptions

/// The office as customers' pages need it, without a server around it.
final class PlainOffice: CustomerOffice {
    let office: Office
    /// What is told to who asks; nil: they may.
    let seconds: Int?
    /// Done before a change is made, once.
    private let before: Mutex<(@Sendable (Office) throws -> Void)?>
    private let strangers = Mutex<[(what: String, subscription: String?)]>([])

    init(_ office: Office, seconds: Int? = nil, before: (@Sendable (Office) throws -> Void)? = nil) {
        self.office = office
        self.seconds = seconds
        self.before = Mutex(before)
    }

    var refusedStrangers: [String] { strangers.withLock { $0.map(\.what) } }

    /// To which subscriptions they had links that hold no more.
    var formerBearers: [String] { strangers.withLock { $0.compactMap(\.subscription) } }

    func wait(for subscription: String) -> Int? { seconds }

    func subscription(_ id: String) async throws -> Subscription? { try office.subscription(id) }

    func partner(_ id: PartnerID) async throws -> Partner? { try office.partner(id) }

    private func disturb() throws {
        let disturbance = before.withLock { before -> (@Sendable (Office) throws -> Void)? in
            let taken = before
            before = nil
            return taken
        }
        try disturbance?(office)
    }

    func set(_ order: AssociationOrder, of id: String, onlyIf versions: Set<Int>, by caller: Caller) async throws {
        try disturb()
        try office.setPartnerOfRecord(
            order, of: id, onlyIf: versions, origin: .customer, receipt: newReceipt(at:), by: caller, at: Moment.later)
    }

    func remove(of id: String, onlyIf versions: Set<Int>, by caller: Caller) async throws {
        try disturb()
        try office.removePartnerOfRecord(
            of: id, onlyIf: versions, origin: .customer, receipt: newReceipt(at:), by: caller, at: Moment.later)
    }

    func note(_ action: AccessEntry.Action, _ what: String, by caller: Caller) async throws {
        try office.noteAccess(by: caller, action, what, at: Moment.later)
    }

    func noteStranger(_ what: String, withLinkTo subscription: String?, at address: String) async throws {
        strangers.withLock { $0.append((what, subscription)) }
    }
}
