import Attribution
import Foundation
import Hummingbird
package import Office

extension API {
    /// | request | body | answer |
    /// |---|---|---|
    /// | `GET tokens` | | all tokens, without their secrets |
    /// | `POST tokens` | `{"name", "role", "days"}` | the new token, with its secret, this once |
    /// | `DELETE tokens/{id}` | | nothing |
    func addTokens(to group: RouterGroup<BackOfficeContext>) {
        group.get("tokens") { _, context in
            _ = try context.require(.admin)
            return try Response(json: try await desks.office { try $0.tokens() }.map { TokenDocument($0) })
        }
        group.post("tokens") { request, context in
            let identity = try context.require(.admin)
            let order = try await request.json(
                TokenOrder.self, members: ["name", "role", "days"],
                expected: #"a JSON object with "name", "role" and perhaps "days""#)
            let now = desks.now()
            let (token, secret) = try await desks.office {
                try $0.createToken(
                    name: order.name, role: order.role, days: order.days ?? Token.usualDays, by: identity.caller, at: now)
            }
            return try Response(json: TokenDocument(token, secret: secret), status: .created)
        }
        group.delete("tokens/:id") { _, context in
            let identity = try context.require(.admin)
            let text = context.parameters.text("id")
            guard let id = Int64(text) else { throw Problem.notFound("\(PartnerText.quoted(text)) is no token's number") }
            let now = desks.now()
            try await desks.office { try $0.revokeToken(id, by: identity.caller, at: now) }
            return Response(status: .noContent)
        }
    }
}

/// A token that is to be made.
package struct TokenOrder: Codable, Sendable {
    package let name: String
    package let role: Role
    package let days: Int?

    package init(name: String, role: Role, days: Int?) {
        self.name = name
        self.role = role
        self.days = days
    }
}

/// A token as the API tells.
package struct TokenDocument: Codable, Sendable {
    package let id: Int64
    package let name: String
    package let role: Role
    package let createdAt: String
    package let createdBy: String
    package let expiresAt: String
    package let lastUsedAt: String?
    /// What a program sends; only in the answer that made it.
    package let secret: String?

    enum CodingKeys: String, CodingKey {
        case id, name, role, secret
        case createdAt = "created_at"
        case createdBy = "created_by"
        case expiresAt = "expires_at"
        case lastUsedAt = "last_used_at"
    }

    package init(_ token: Token, secret: Secret? = nil) {
        id = token.id
        name = token.name
        role = token.role
        createdAt = token.createdAt.description
        createdBy = token.createdBy
        expiresAt = token.expiresAt.description
        lastUsedAt = token.lastUsedAt?.description
        self.secret = secret?.text
    }
}
