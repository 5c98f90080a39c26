import Attribution
import Foundation
import Hummingbird
package import Office

extension API {
    /// | request | body | answer |
    /// |---|---|---|
    /// | `GET users` | | all users |
    /// | `GET users/{name}` | | the user, with an `ETag` |
    /// | `POST users` | `{"name", "role", "password"}` | the new user |
    /// | `PATCH users/{name}` | some of `{"role", "password", "disabled"}` | the user; with `If-Match` only if it is what its `ETag` said |
    /// | `DELETE users/{name}` | | nothing; `If-Match` as above |
    func addUsers(to group: RouterGroup<BackOfficeContext>) {
        group.get("users") { _, context in
            _ = try context.require(.admin)
            return try Response(json: try await desks.office { try $0.users() }.map(UserDocument.init))
        }
        group.get("users/:name") { _, context in
            _ = try context.require(.admin)
            let name = context.parameters.text("name")
            guard let user = try await desks.office({ try $0.user(named: name) }) else {
                throw OfficeError(.unknownUser, "there is no user \(PartnerText.quoted(name))")
            }
            return try Self.answer(user)
        }
        group.post("users") { request, context in
            let identity = try context.require(.admin)
            let order = try await request.json(
                UserOrder.self, members: ["name", "role", "password"],
                expected: #"a JSON object with "name", "role" and "password""#)
            guard let name = order.name, let role = order.role, let password = order.password else {
                throw Problem.invalidRequest("a new user needs name, role and password")
            }
            let user = try await desks.accounts.addUser(name: name, role: role, password: password, by: identity.caller)
            return try Response(json: UserDocument(user), status: .created)
        }
        group.patch("users/:name") { request, context in
            let identity = try context.require(.admin)
            let name = context.parameters.text("name")
            let order = try await request.json(
                UserOrder.self, members: ["role", "password", "disabled"],
                expected: #"a JSON object with "role", "password" or "disabled""#)
            return try Self.answer(try await change(name, order, identity, onlyIf: EntityTags(request).tags))
        }
        group.delete("users/:name") { request, context in
            let identity = try context.require(.admin)
            let name = context.parameters.text("name")
            let now = desks.now()
            let tags = EntityTags(request).tags
            try await desks.office { try $0.removeUser(name, onlyIf: tags, by: identity.caller, at: now) }
            return Response(status: .noContent)
        }
    }

    private static func answer(_ user: User) throws -> Response {
        var response = try Response(json: UserDocument(user))
        response.headers[.eTag] = EntityTags.field(user.tag)
        return response
    }

    private func change(
        _ name: String, _ order: UserOrder, _ identity: Identity, onlyIf tags: Set<String>?
    ) async throws -> User {
        try await desks.accounts.changeUser(name, onlyIf: tags, password: order.password, by: identity.caller) { user in
            if let role = order.role { user.role = role }
            if let isDisabled = order.disabled { user.isDisabled = isDisabled }
        }
    }
}

/// What is to be made or changed of a user.
package struct UserOrder: Codable, Sendable {
    package var name: String?
    package var role: Role?
    package var password: String?
    package var disabled: Bool?

    package init(name: String? = nil, role: Role? = nil, password: String? = nil, disabled: Bool? = nil) {
        self.name = name
        self.role = role
        self.password = password
        self.disabled = disabled
    }
}

/// A user as the API tells; never the password.
package struct UserDocument: Codable, Sendable {
    package let name: String
    package let role: Role
    package let disabled: Bool
    package let createdAt: String
    package let lastSignInAt: String?

    enum CodingKeys: String, CodingKey {
        case name, role, disabled
        case createdAt = "created_at"
        case lastSignInAt = "last_sign_in_at"
    }

    package init(_ user: User) {
        name = user.name
        role = user.role
        disabled = user.isDisabled
        createdAt = user.createdAt.description
        lastSignInAt = user.lastSignInAt?.description
    }
}
