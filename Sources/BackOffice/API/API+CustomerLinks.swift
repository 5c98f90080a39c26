import Attribution
import DeploymentKit
import Foundation
import Hummingbird
import NIOCore
import Office
package import Subscriptions

extension API {
    /// | request | body | answer |
    /// |---|---|---|
    /// | `POST subscriptions/{id}/link` | ``CustomerLinkOrder``, or nothing | ``CustomerLinkDocument``: 201 |
    /// | `DELETE customer-links` | | nothing: none that was made before holds any more |
    ///
    /// A link is made for an admin, or for a token of the role `provider`. A signature in the token's place does not do: who
    /// has copied such a call and sends it again would be told a link.
    func addCustomerLinks(to group: RouterGroup<BackOfficeContext>) {
        group.post("subscriptions/:id/link") { request, context in
            try await issueLink(request, to: context.parameters.text("id"), context)
        }
        group.delete("customer-links") { request, context in
            let identity = try await require(.admin, request, context)
            return try await desks.noting(request.uri.path, of: identity.caller) {
                try request.requireQuery(of: [])
                try await desks.subscriptions.endLinks(by: identity.caller)
                return Response(status: .noContent)
            }
        }
    }

    private func issueLink(_ request: Request, to id: String, _ context: BackOfficeContext) async throws -> Response {
        guard let identity = context.identity else {
            // Says what is missing, as for every call without a token.
            _ = try context.require(.admin)
            return Response(status: .unauthorized)
        }
        guard identity.role == .provider || identity.role == .admin else {
            try await desks.subscriptions.noteRefusal("\(request.uri.path): wrong role", of: identity.caller)
            throw Problem(
                .forbidden, type: "forbidden",
                detail: "this takes the role provider or admin, and \(identity.name) has the role \(identity.role.rawValue)")
        }
        let body = Data(try await notedBody(of: request, context).readableBytesView)
        return try await desks.noting(request.uri.path, of: identity.caller) {
            try request.requireQuery(of: [])
            let days = try Self.days(body)
            let issued = try await desks.subscriptions.issueLink(to: id, days: days, by: identity.caller)
            let document = CustomerLinkDocument(issued, gateway: desks.kits.gateway?.description)
            return try Response(json: document, status: .created)
        }
    }

    private static func days(_ body: Data) throws -> Int {
        guard !body.isEmpty else { return CustomerLink.usualDays }
        let order = try API.value(
            CustomerLinkOrder.self, of: body, members: ["days"], expected: #"empty, or a JSON object such as {"days": 30}"#)
        return order.days ?? CustomerLink.usualDays
    }
}

/// What `POST subscriptions/{id}/link` takes.
package struct CustomerLinkOrder: Codable, Sendable {
    /// For how many days it is to hold.
    package let days: Int?

    package init(days: Int?) {
        self.days = days
    }
}

/// A customer's link as the API tells.
package struct CustomerLinkDocument: Codable, Sendable {
    package let subscription: String
    /// Below the front door's address.
    package let path: String
    /// All of it; nil when the server was not told its own name.
    package let url: String?
    /// The last moment at which it holds, RFC 3339.
    package let expiresAt: String

    enum CodingKeys: String, CodingKey {
        case subscription, path, url
        case expiresAt = "expires_at"
    }

    /// - Parameter gateway: scheme and host of the front door, without a slash at the end; nil where it is not known.
    package init(_ link: IssuedCustomerLink, gateway: String?) {
        subscription = link.subscription
        path = link.path
        url = gateway.map { $0 + link.path }
        expiresAt = link.expiresAt.description
    }

    /// The same with another address before the path, or none.
    package init(_ other: CustomerLinkDocument, url: String?) {
        subscription = other.subscription
        path = other.path
        self.url = url
        expiresAt = other.expiresAt
    }
}
