import Attribution
import Foundation
import Hummingbird
import NIOCore
import Office
import Subscriptions

extension API {
    /// | request | body | answer |
    /// |---|---|---|
    /// | `GET conflicts?state=open\|decided\|ended&before=&limit=` | | conflicts, the newest first, and what to go on before |
    /// | `GET conflicts/{id}` | | ``ConflictCaseDocument``, with an `ETag` |
    /// | `POST conflicts/{id}/decision` | ``ConflictDecisionOrder`` | the conflict |
    ///
    /// With `If-Match`, a conflict is decided only if it is what its `ETag` said.
    func addConflicts(to group: RouterGroup<BackOfficeContext>) {
        group.get("conflicts") { request, context in
            try await conflicts(request, try context.require(.auditor))
        }
        group.get("conflicts/:id") { _, context in
            let identity = try context.require(.auditor)
            return try await conflict(try context.parameters.conflictID(), identity)
        }
        group.post("conflicts/:id/decision") { request, context in
            let identity = try await require(.admin, request, context)
            return try await decide(request, on: try context.parameters.conflictID(), identity, context)
        }
    }

    private static let usualConflicts = 100
    private static let mostConflicts = 1_000

    private func conflicts(_ request: Request, _ identity: Identity) async throws -> Response {
        try request.requireQuery(of: ["state", "before", "limit"])
        let limit = try request.limit(default: Self.usualConflicts, most: Self.mostConflicts)
        let state: ConflictState =
            if let text = request.query("state") { try SubscriptionText.word(text, "state") } else { .open }
        let before = try request.sequence("before") ?? .max
        let found = try await desks.office { try $0.conflicts(state, before: before, limit: limit + 1) }
        try await desks.note(identity, .subscriptionRead, "conflicts, \(state.rawValue)")
        let page = found.prefix(limit)
        let next = found.count > limit ? page.last.map { String($0.id) } : nil
        return try Response(json: ConflictPage(conflicts: page.map { ConflictDocument($0) }, next: next))
    }

    private func conflict(_ id: Int64, _ identity: Identity) async throws -> Response {
        guard let found = try await desks.office({ try $0.conflict(id) }) else { throw ConflictRefusal.unknown(id) }
        try await desks.note(identity, .subscriptionRead, "conflict \(id)")
        var response = try Response(json: ConflictCaseDocument(found))
        response.headers[.eTag] = EntityTags.field(String(found.conflict.version))
        return response
    }

    private func decide(
        _ request: Request, on id: Int64, _ identity: Identity, _ context: BackOfficeContext
    ) async throws -> Response {
        let body = Data(try await notedBody(of: request, context).readableBytesView)
        return try await desks.noting("conflict \(id)", of: identity.caller) {
            try request.requireQuery(of: [])
            let asked = try API.value(
                ConflictDecisionOrder.self, of: body, members: ["choice", "note"],
                expected: #"a JSON object such as {"choice": "1234567", "note": "why"}"#)
            guard let choice = ConflictOrder.Choice(asked.choice) else {
                throw Problem.invalidRequest(
                    "choice is \(PartnerText.quoted(asked.choice)), expected a Partner ID or \(ConflictOrder.Choice.keepWord)")
            }
            let conflict = try await desks.subscriptions.decide(
                try ConflictOrder(choice, note: asked.note), onConflict: id, onlyIf: EntityTags(request).versions,
                by: identity.caller)
            var response = try Response(json: ConflictDocument(conflict))
            response.headers[.eTag] = EntityTags.field(String(conflict.version))
            return response
        }
    }
}

extension Parameters {
    /// - Throws: ``Problem`` 404 when the path names no conflict's number.
    func conflictID() throws -> Int64 {
        let text = self.text("id")
        guard let id = Int64(text) else { throw Problem.notFound("\(PartnerText.quoted(text)) is no conflict's number") }
        return id
    }
}
