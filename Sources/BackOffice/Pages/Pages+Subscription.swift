import Attribution
import Hummingbird
import Office
import Subscriptions

extension Pages {
    func addSubscription(to group: RouterGroup<BackOfficeContext>) {
        group.get("/subscriptions/:id") { request, context in
            let identity = try context.require(.auditor)
            try request.requireQuery(of: ["before"])
            let before = try request.sequence("before").map { Int($0) } ?? .max
            return try await subscription(
                context.parameters.text("id"), before: before, PageReader(request, context), identity)
        }
    }

    private static let shownChanges = 50
    private static let shownReceipts = 20
    private static let shownNotices = 100

    private struct SubscriptionFacts: Sendable {
        let subscription: Subscription
        let history: [AssociationChange]
        let receipts: [ToldReceipt]
        let notices: [OutboxEntry]
        let conflict: Conflict?
        /// Names of the directory by Partner ID.
        let names: [String: String]

        /// nil when the provider told of no such subscription.
        init?(_ id: String, before: Int, _ office: Office) throws {
            guard let subscription = try office.subscription(id) else { return nil }
            let history = try office.associations(of: id, before: before, limit: shownChanges)
            let notices = try Outbox(office: office).entries(ofSubscription: id, limit: shownNotices)
            var names: [String: String] = [:]
            let partners = history.compactMap { $0.association?.partner } + notices.map(\.notice.partner)
            for partner in Set(partners + [subscription.association?.partner].compactMap { $0 }) {
                names[partner.description] = try office.partner(partner)?.name
            }
            self.subscription = subscription
            self.history = history
            self.receipts = try office.toldReceipts(of: id, limit: shownReceipts)
            self.notices = notices
            conflict = try office.openConflicts(ofTenant: subscription.tenant).first { $0.product == subscription.product }
            self.names = names
        }
    }

    /// - Parameters:
    ///   - before: only changes with a smaller number are shown.
    ///   - asked: what became of a customer's link that was asked for.
    func subscription(
        _ id: String, before: Int = .max, asked: AskedCustomerLink = AskedCustomerLink(), _ reader: PageReader,
        _ identity: Identity
    ) async throws -> Response {
        guard let found = try await desks.office({ try SubscriptionFacts(id, before: before, $0) }) else {
            throw SubscriptionRefusal.unknown(id)
        }
        try await desks.note(identity, .subscriptionRead, id)
        let subscription = found.subscription
        var values = row(subscription, found.names, reader)
        values["id"] = subscription.id
        values["facts"] = facts(subscription, reader)
        values["is-editable"] = subscription.channel.carriesPartner
        values["is-associated"] = subscription.association != nil
        values["program"] =
            subscription.association.map { sentence("program-" + ($0.program?.rawValue ?? "none"), reader) } ?? ""
        values["evidence"] = subscription.association.map { sentence("evidence-" + $0.evidence.rawValue, reader) } ?? ""
        values["counting"] = counting(subscription, reader)
        values["conflict"] = found.conflict.map { String($0.id) } ?? ""
        values["history"] = found.history.map { row($0, found.names, reader) }
        // Not by what is shown: behind its first change there is none, and yet it has a history.
        values["has-history"] = subscription.changes > 0
        let last = found.history.last?.number ?? 1
        values["older"] = last > 1 ? Self.path(ofSubscription: id) + "?before=\(last)" : ""
        values["receipts"] = found.receipts.map { row($0, reader) }
        values["has-receipts"] = !found.receipts.isEmpty
        values["notices"] = found.notices.map { row($0, found.names, reader) }
        values["has-notices"] = !found.notices.isEmpty
        values.merge(customerLinkValues(asked, reader)) { $1 }
        return try renderer.page(
            "subscription", title: "subscription", values, for: reader,
            status: asked.fault == nil ? .ok : .unprocessableContent)
    }

    private func facts(_ subscription: Subscription, _ reader: PageReader) -> [[String: Any]] {
        let use: String =
            switch subscription.isActive {
            case nil: "usage-unknown"
            case true?: "usage-active"
            case false?: "usage-idle"
            }
        let facts: [(name: String, text: String)] = [
            ("product", subscription.product.name),
            ("portal", sentence("portal-" + subscription.product.portal.rawValue, reader)), ("offer", subscription.offer),
            ("seats", reader.format.number(Int64(subscription.seats))),
            ("channel", sentence("channel-" + subscription.channel.rawValue, reader)),
            ("created-at", reader.format.time(subscription.createdAt)), ("told-at", reader.format.time(subscription.toldAt)),
            ("usage", sentence(use, reader)),
        ]
        return facts.map { ["name": sentence($0.name, reader), "text": $0.text] }
    }

    /// Whether the association counts for the partner now, and if not, why.
    private func counting(_ subscription: Subscription, _ reader: PageReader) -> String {
        guard let association = subscription.association else { return "" }
        let obstacle = association.obstacle(at: desks.now(), isActive: subscription.isActive)
        return sentence(obstacle.map { "counts-not-" + $0.rawValue } ?? "counts-now", reader)
    }

    private func row(_ told: ToldReceipt, _ reader: PageReader) -> [String: Any] {
        let claimed = told.claimed ?? ""
        // What is no receipt, or none of a sign-up here, leads nowhere.
        let isHere = told.finding != .none && told.finding != .unknown
        let link = isHere ? "/log/" + claimed : ""
        return [
            "event": told.event, "time": reader.format.time(told.receivedAt), "utc": reader.format.utc(told.receivedAt),
            "claimed": claimed, "record-link": link,
            "finding": sentence("receipt-" + told.finding.rawValue, reader),
        ]
    }

    private func row(_ entry: OutboxEntry, _ names: [String: String], _ reader: PageReader) -> [String: Any] {
        // Where mail is off, nothing is attempted at the time that is noted.
        let isHeld = entry.state == .pending && !desks.sendsMail
        let moment = isHeld ? nil : entry.settledAt ?? entry.nextAttempt
        let grade: HealthReport.Grade =
            switch entry.state {
            case .sent: .good
            case .failed: .bad
            case .pending, .sending, .noAddress, .mailOff: .warning
            }
        let values: [String: Any] = [
            "time": reader.format.time(entry.notice.time), "utc": reader.format.utc(entry.notice.time),
            "kind": sentence("notice-kind-" + entry.notice.kind.rawValue, reader),
            "state": sentence("notice-" + (isHeld ? "held" : entry.state.rawValue), reader),
            "grade": grade.rawValue,
            "attempts": reader.format.number(Int64(entry.attempts)), "moment": moment.map { reader.format.time($0) } ?? "",
            "moment-utc": moment.map { reader.format.utc($0) } ?? "", "error": entry.lastError ?? "",
        ]
        return values.merging(partnerValues(entry.notice.partner, names)) { $1 }
    }
}
