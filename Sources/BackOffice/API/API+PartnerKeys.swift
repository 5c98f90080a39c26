import Attribution
import Hummingbird
package import Office

extension API {
    /// | request | answer |
    /// |---|---|
    /// | `GET partners/{id}/keys` | all keys that the partner's links were ever signed with, without their secrets |
    /// | `POST partners/{id}/keys?source=TEXT` | a new key, with its secret, this once; in force at the front door |
    /// | `DELETE partners/{id}/keys/{key}?source=TEXT` | nothing: no link is valid by the key any more |
    func addPartnerKeys(to group: RouterGroup<BackOfficeContext>) {
        group.get("partners/:id/keys") { _, context in
            let identity = try context.require(.auditor)
            let id = try context.parameters.partnerID()
            let keys: [PartnerKey]? = try await desks.office { try $0.partner(id) == nil ? nil : $0.linkKeys(of: id) }
            guard let keys else { throw Self.unknown(id) }
            try await desks.note(identity, .partnerRead, "\(id), its keys")
            return try Response(json: keys.map { PartnerKeyDocument($0) })
        }
        group.post("partners/:id/keys") { request, context in
            let identity = try context.require(.admin)
            let id = try context.parameters.partnerID()
            try request.requireQuery(of: ["source"])
            let made = try await desks.directory.addLinkKey(
                for: id, source: request.query("source") ?? source("API", identity), by: identity.caller)
            return try Response(json: PartnerKeyDocument(made.key, secret: made.secret), status: .created)
        }
        group.delete("partners/:id/keys/:key") { request, context in
            let identity = try context.require(.admin)
            let id = try context.parameters.partnerID()
            try request.requireQuery(of: ["source"])
            let text = context.parameters.text("key")
            guard let number = Int64(text) else { throw Problem.notFound("\(PartnerText.quoted(text)) is no key's number") }
            try await desks.directory.retireLinkKey(
                number, of: id, source: request.query("source") ?? source("API", identity), by: identity.caller)
            return Response(status: .noContent)
        }
    }
}

/// A key of signed links as the API tells.
package struct PartnerKeyDocument: Codable, Sendable {
    /// The number by which it is retired.
    package let id: Int64
    package let partner: String
    /// RFC 3339.
    package let createdAt: String
    /// The version of the directory from which on links are valid by it.
    package let sinceVersion: Int
    /// RFC 3339; nil while it is in force.
    package let retiredAt: String?
    /// The version from which on they are not.
    package let untilVersion: Int?
    /// What links are signed with; only in the answer that made it.
    package let secret: String?

    enum CodingKeys: String, CodingKey {
        case id, partner, secret
        case createdAt = "created_at"
        case sinceVersion = "since_version"
        case retiredAt = "retired_at"
        case untilVersion = "until_version"
    }

    package init(_ key: PartnerKey, secret: Secret? = nil) {
        id = key.number
        partner = key.partner.description
        createdAt = key.since.learnedAt.description
        sinceVersion = key.since.number
        retiredAt = key.until?.learnedAt.description
        untilVersion = key.until?.number
        self.secret = secret?.text
    }
}
