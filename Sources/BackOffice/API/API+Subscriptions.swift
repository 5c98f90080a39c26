import Attribution
import Foundation
import Hummingbird
import NIOCore
import Office
import Subscriptions

extension API {
    /// | request | body | answer |
    /// |---|---|---|
    /// | `GET subscriptions?tenant=&product=&channel=&partner=&without-partner=0\|1&after=&limit=` | | subscriptions by ID, and what to go on behind |
    /// | `GET subscriptions/{id}` | | ``SubscriptionCase``, with an `ETag` |
    /// | `GET subscriptions/{id}/history?before=&limit=` | | changes of the partner, the newest first |
    /// | `PUT subscriptions/{id}/partner` | ``PartnerOfRecordOrder`` | the subscription, with its new `ETag` |
    /// | `DELETE subscriptions/{id}/partner?note=TEXT` | | the subscription, with its new `ETag` |
    /// | `POST subscription-events/import?dry-run=0\|1&file=NAME` | a CSV of events | ``SubscriptionImportReport`` |
    ///
    /// The partner is changed by an admin, or by the provider, who may sign: ``ProviderSignature``. With `If-Match`, only if the
    /// subscription is what its `ETag` said; who comes too late gets 412 with the subscription as it is now.
    func addSubscriptions(to group: RouterGroup<BackOfficeContext>) {
        group.get("subscriptions") { request, context in
            try await subscriptions(request, try context.require(.auditor))
        }
        group.get("subscriptions/:id") { _, context in
            try await subscription(context.parameters.text("id"), try context.require(.auditor))
        }
        group.get("subscriptions/:id/history") { request, context in
            try await history(request, of: context.parameters.text("id"), try context.require(.auditor))
        }
        group.put("subscriptions/:id/partner") { request, context in
            try await setPartnerOfRecord(
                request, of: context.parameters.text("id"), try await providerCall(request, context))
        }
        group.delete("subscriptions/:id/partner") { request, context in
            try await removePartnerOfRecord(
                request, of: context.parameters.text("id"), try await providerCall(request, context))
        }
        group.post("subscription-events/import") { request, context in
            try await importEvents(request, context)
        }
    }

    private static let usualSubscriptions = 100
    private static let mostSubscriptions = 1_000
    private static let shownChanges = 100
    private static let shownReceipts = 20
    /// A change has at most two.
    private static let shownNotices = 200

    private func subscriptions(_ request: Request, _ identity: Identity) async throws -> Response {
        try request.requireQuery(of: ["tenant", "product", "channel", "partner", "without-partner", "after", "limit"])
        let limit = try request.limit(default: Self.usualSubscriptions, most: Self.mostSubscriptions)
        var search = SubscriptionSearch()
        search.tenant = request.query("tenant")
        search.product = try request.query("product").map { try SubscriptionText.word($0, "product") }
        search.channel = try request.query("channel").map { try SubscriptionText.word($0, "channel") }
        search.partner = try request.query("partner").map { text in
            guard let id = PartnerID(text) else {
                throw Problem.invalidRequest("partner is \(PartnerText.quoted(text)), expected a Partner ID")
            }
            return id
        }
        search.withoutPartner = try request.flag("without-partner")
        search.after = request.query("after")
        let found = try await desks.office { [search] in try $0.subscriptions(search, limit: limit + 1) }
        try await desks.note(identity, .subscriptionRead, "list" + (request.uri.query.map { " " + $0 } ?? ""))
        let page = found.prefix(limit)
        let now = desks.now()
        return try Response(
            json: SubscriptionPage(
                subscriptions: page.map { SubscriptionDocument($0, at: now) }, next: found.count > limit ? page.last?.id : nil))
    }

    private func subscription(_ id: String, _ identity: Identity) async throws -> Response {
        let found = try await desks.office { office in
            try office.subscription(id).map { subscription in
                (
                    subscription, try office.associations(of: id, limit: Self.shownChanges),
                    try office.toldReceipts(of: id, limit: Self.shownReceipts),
                    try Outbox(office: office).entries(ofSubscription: id, limit: Self.shownNotices)
                )
            }
        }
        guard let (subscription, history, receipts, notices) = found else { throw SubscriptionRefusal.unknown(id) }
        try await desks.note(identity, .subscriptionRead, id)
        var response = try Response(
            json: SubscriptionCase(
                subscription: SubscriptionDocument(subscription, at: desks.now()),
                history: history.map { AssociationDocument($0) }, receipts: receipts.map { ToldReceiptDocument($0) },
                notices: notices.map { NoticeDocument($0) }, sendsMail: desks.sendsMail))
        response.headers[.eTag] = EntityTags.field(String(subscription.version))
        return response
    }

    private func history(_ request: Request, of id: String, _ identity: Identity) async throws -> Response {
        try request.requireQuery(of: ["before", "limit"])
        let limit = try request.limit(default: Self.shownChanges, most: Self.mostSubscriptions)
        let before = try request.sequence("before").map { Int($0) } ?? .max
        let history = try await desks.office { office in
            try office.subscription(id).map { _ in try office.associations(of: id, before: before, limit: limit) }
        }
        guard let history else { throw SubscriptionRefusal.unknown(id) }
        try await desks.note(identity, .subscriptionRead, "\(id), its history")
        return try Response(json: history.map { AssociationDocument($0) })
    }

    private func setPartnerOfRecord(_ request: Request, of id: String, _ call: ProviderCall) async throws -> Response {
        try await answer(call, id) {
            try request.requireQuery(of: [])
            let order = try Self.order(call.body)
            let versions = EntityTags(request).versions
            return try await desks.subscriptions.set(
                order, of: id, onlyIf: versions, origin: call.origin, signature: call.signature, by: call.caller)
        }
    }

    private static func order(_ body: Data) throws -> AssociationOrder {
        let order = try API.value(
            PartnerOfRecordOrder.self, of: body, members: ["partner", "program", "evidence", "note"],
            expected: #"a JSON object such as {"partner": "1234567", "program": "sell", "note": "why"}"#)
        guard let partner = PartnerID(order.partner) else {
            throw Problem.invalidRequest("partner is \(PartnerText.quoted(order.partner)), expected 1 to 10 digits")
        }
        return AssociationOrder(
            partner: partner, program: try order.program.map { try SubscriptionText.word($0, "program") },
            evidence: try SubscriptionText.evidence(order.evidence, "evidence"),
            note: try SubscriptionText.note(order.note))
    }

    private func removePartnerOfRecord(_ request: Request, of id: String, _ call: ProviderCall) async throws -> Response {
        try await answer(call, id) {
            try request.requireQuery(of: ["note"])
            let note = try SubscriptionText.note(request.query("note"))
            let versions = EntityTags(request).versions
            return try await desks.subscriptions.remove(
                of: id, note: note, onlyIf: versions, origin: call.origin, signature: call.signature, by: call.caller)
        }
    }

    /// The subscription after a change. One that is refused is in the access log as well.
    private func answer(
        _ call: ProviderCall, _ id: String, _ change: () async throws -> Subscription
    ) async throws -> Response {
        do {
            let subscription = try await desks.noting(id, of: call.caller, signature: call.signature, change)
            var response = try Response(json: SubscriptionDocument(subscription, at: desks.now()))
            response.headers[.eTag] = EntityTags.field(String(subscription.version))
            return response
        } catch let refusal as SubscriptionRefusal {
            throw Problem(call.origin == .provider ? refusal.withoutSuspicion : refusal, at: desks.now())
        }
    }

    private func importEvents(_ request: Request, _ context: BackOfficeContext) async throws -> Response {
        let caller = try await require(.admin, request, context).caller
        let body = try await notedBody(of: request, context, upTo: SubscriptionCSV.maximumFileBytes)
        return try await desks.noting(request.uri.path, of: caller) {
            try request.requireQuery(of: ["dry-run", "file"])
            let report = try await desks.subscriptions.importEvents(
                Array(body.readableBytesView), fileName: request.query("file") ?? "subscriptions.csv", by: caller,
                dryRun: try request.flag("dry-run"))
            return try Response(json: report)
        }
    }
}
