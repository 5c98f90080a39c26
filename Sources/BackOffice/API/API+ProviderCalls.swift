import Attribution
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Office
import Subscriptions

extension API {
    /// | request | body | answer |
    /// |---|---|---|
    /// | `POST subscriptions` | ``SubscriptionEvent/Column``'s members | ``EventReport``: 201, or 200 for one that was told before |
    /// | `POST subscriptions/{id}/usage` | ``UsageOrder`` | the same |
    ///
    /// The provider calls with a token of the role `provider`, or signs with one: ``ProviderSignature``. An admin may call as well. Calls
    /// that are refused are in the access log.
    func addProviderCalls(to group: RouterGroup<BackOfficeContext>) {
        group.post("subscriptions") { request, context in
            try await provided(request, context) { body, caller in
                let order = try API.value(
                    SubscriptionOrder.self, of: body, members: Set(SubscriptionEvent.Column.allCases.map(\.rawValue)),
                    expected: "a JSON object with \(SubscriptionEvent.Column.allCases.map(\.rawValue).joined(separator: ", "))")
                return try await desks.subscriptions.take(try order.event(now: desks.now()), by: caller)
            }
        }
        group.post("subscriptions/:id/usage") { request, context in
            let id = context.parameters.text("id")
            return try await provided(request, context) { body, caller in
                let order = try API.value(
                    UsageOrder.self, of: body, members: ["event", "active", "time"],
                    expected: #"a JSON object with "event", "active" and "time""#)
                let event = try UsageEvent(
                    event: order.event, subscription: id, isActive: order.active, time: order.time, now: desks.now())
                return try await desks.subscriptions.take(event, by: caller)
            }
        }
    }

    /// Answers a call of the provider's.
    private func provided(
        _ request: Request, _ context: BackOfficeContext,
        _ take: (_ body: Data, _ caller: Caller) async throws -> EventReport
    ) async throws -> Response {
        try request.requireQuery(of: [])
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: API.maximumBodyBytes)
        } catch let error as NIOTooManyBytesError {
            let what = "\(request.uri.path): too large"
            if let caller = context.identity?.caller {
                try await desks.subscriptions.noteRefusal(what, of: caller)
            } else if request.headers[Self.signatureField] != nil {
                try await desks.subscriptions.noteRefusal(what, ofStrangerAt: context.clientAddress)
            }
            throw error
        }
        let caller = try await provider(request, context, body)
        do {
            let report = try await take(Data(body.readableBytesView), caller)
            return try Response(json: report, status: report.isRepeated ? .ok : .created)
        } catch let refusal as SubscriptionRefusal {
            try await desks.subscriptions.noteRefusal("\(request.uri.path): \(refusal.code)", of: caller)
            throw refusal
        }
    }

    private static let timeField = HTTPField.Name("Porter-Time")!
    private static let signatureField = HTTPField.Name("Porter-Signature")!

    /// Who calls in the provider's place.
    ///
    /// - Throws: ``Problem`` 401, 403, or 429 when too many calls were refused.
    private func provider(_ request: Request, _ context: BackOfficeContext, _ body: ByteBuffer) async throws -> Caller {
        if let identity = context.identity {
            guard identity.role == .provider || identity.role == .admin else {
                try await desks.subscriptions.noteRefusal("\(request.uri.path): wrong role", of: identity.caller)
                throw Problem(
                    .forbidden, type: "forbidden",
                    detail: "this takes the role provider, and \(identity.name) has \(identity.role.rawValue)")
            }
            return identity.caller
        }
        guard let time = request.headers[Self.timeField], let signature = request.headers[Self.signatureField] else {
            // Says what is missing, as for every call without a token.
            return try context.require(.admin).caller
        }
        let now = desks.now()
        var fault = "the signature is by no token of the role provider that is in force, or of another time, path or body"
        do {
            let signed = try ProviderSignature(
                time: time, signature: signature, path: request.uri.path, body: body.readableBytesView, now: now)
            let signer = try await desks.office {
                try $0.providerToken(signing: signed.message, signature: signed.code, at: now)
            }
            if let signer {
                try desks.subscriptions.admit(signer)
                return Caller(name: signer.name, way: .token, address: context.clientAddress, user: signer.owner)
            }
        } catch ProviderSignature.Fault.malformed {
            fault = "Porter-Time is no time, or Porter-Signature has not 64 hexadecimal digits"
        } catch ProviderSignature.Fault.stale {
            fault = "Porter-Time is more than \(ProviderSignature.toleranceSeconds) s from ours; sign the call anew"
        }
        try await desks.subscriptions.noteRefusal(
            "\(request.uri.path): signature", ofStrangerAt: context.clientAddress)
        throw Problem(.unauthorized, type: "unauthorized", detail: fault)
    }
}

/// What `POST subscriptions` takes, as it came: ``SubscriptionEvent`` says what is wrong with it.
struct SubscriptionOrder: Decodable {
    let event: String?
    let id: String?
    let tenant: String?
    let product: String?
    let offer: String?
    let seats: Int?
    let channel: String?
    let time: String?
    let receipt: String?

    func event(now: Timestamp) throws(SubscriptionRefusal) -> SubscriptionEvent {
        try SubscriptionEvent(seats: seats, now: now) { column in
            switch column {
            case .event: event
            case .id: id
            case .tenant: tenant
            case .product: product
            case .offer: offer
            case .seats: nil
            case .channel: channel
            case .time: time
            case .receipt: receipt
            }
        }
    }
}

/// What `POST subscriptions/{id}/usage` takes.
struct UsageOrder: Decodable {
    let event: String
    let active: Bool
    let time: String
}
