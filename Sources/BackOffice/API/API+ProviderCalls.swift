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

    /// Answers a call that tells something.
    private func provided(
        _ request: Request, _ context: BackOfficeContext,
        _ take: (_ body: Data, _ caller: Caller) async throws -> EventReport
    ) async throws -> Response {
        let call = try await providerCall(request, context)
        return try await desks.noting(request.uri.path, of: call.caller) {
            try request.requireQuery(of: [])
            let report = try await take(call.body, call.caller)
            return try Response(json: report, status: report.isRepeated ? .ok : .created)
        }
    }

    private static let timeField = HTTPField.Name("Porter-Time")!
    private static let signatureField = HTTPField.Name("Porter-Signature")!

    /// Takes a call that the provider may make: with a token of its role, or signed with one.
    ///
    /// - Parameter least: the role of the staff that may make it as well.
    /// - Throws: ``Problem`` 401, 403, or 429 when too many calls were refused. Those, and one whose body is too large, are in the
    ///   access log.
    func providerCall(
        _ request: Request, _ context: BackOfficeContext, orFrom least: Role = .admin
    ) async throws -> ProviderCall {
        let data = Data(try await notedBody(of: request, context).readableBytesView)
        if let identity = context.identity {
            guard identity.role == .provider || identity.role >= least else {
                try await desks.subscriptions.noteRefusal("\(request.uri.path): wrong role", of: identity.caller)
                let roles = "provider or \(least.rawValue)"
                throw Problem(
                    .forbidden, type: "forbidden",
                    detail: "this takes the role \(roles), and \(identity.name) has the role \(identity.role.rawValue)")
            }
            return ProviderCall(
                caller: identity.caller, origin: identity.role == .provider ? .provider : .admin, signature: nil, body: data)
        }
        guard let time = request.headers[Self.timeField], let signature = request.headers[Self.signatureField] else {
            // Says what is missing, as for every call without a token.
            let caller = try context.require(least).caller
            return ProviderCall(caller: caller, origin: .admin, signature: nil, body: data)
        }
        let now = desks.now()
        var fault =
            "the signature is by no token of the role provider that is in force, or of another time, method, target or body"
        do {
            let signed = try ProviderSignature(
                time: time, signature: signature, method: request.method.rawValue, target: request.uri.string, body: data,
                now: now)
            let signer = try await desks.office {
                try $0.providerToken(signing: signed.message, signature: signed.code, at: now)
            }
            if let signer {
                try desks.subscriptions.admit(signer)
                let caller = Caller(name: signer.name, way: .token, address: context.clientAddress, user: signer.owner)
                return ProviderCall(caller: caller, origin: .provider, signature: signed, body: data)
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

// MARK: - Refusals

extension API {
    /// The body of a call about subscriptions. One that is too large is in the access log, unless nobody has said who sends it.
    func notedBody(
        of request: Request, _ context: BackOfficeContext, upTo limit: Int = API.maximumBodyBytes
    ) async throws -> ByteBuffer {
        do {
            return try await request.body.collect(upTo: limit)
        } catch let error as NIOTooManyBytesError {
            let what = "\(request.uri.path): too large"
            if let caller = context.identity?.caller {
                try await desks.subscriptions.noteRefusal(what, of: caller)
            } else if request.headers[Self.signatureField] != nil {
                try await desks.subscriptions.noteRefusal(what, ofStrangerAt: context.clientAddress)
            }
            throw error
        }
    }

    /// Who makes a call that changes something about subscriptions, if they may. One who may not is in the access log.
    ///
    /// - Throws: ``Problem`` 401 or 403.
    func require(_ role: Role, _ request: Request, _ context: BackOfficeContext) async throws -> Identity {
        if let identity = context.identity, identity.role < role {
            try await desks.subscriptions.noteRefusal("\(request.uri.path): wrong role", of: identity.caller)
        }
        return try context.require(role)
    }
}

/// A call that the provider made, or somebody of the staff in its place.
struct ProviderCall: Sendable {
    let caller: Caller
    /// By whom it is what it changes.
    let origin: AssociationOrigin
    /// nil: it came with a token.
    let signature: ProviderSignature?
    let body: Data
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
