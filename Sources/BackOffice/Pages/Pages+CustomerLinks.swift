import Attribution
import DeploymentKit
import Hummingbird
import Office
import Subscriptions

/// What became of a customer's link that somebody asked for; nothing when nobody did.
struct AskedCustomerLink: Sendable {
    var made: IssuedCustomerLink?
    /// Why none was made.
    var fault: String?
    /// For how many days, as it was typed.
    var days: String?
}

extension Pages {
    /// An admin makes a link by which the customer says who is partner of record.
    func addCustomerLinks(to group: RouterGroup<BackOfficeContext>) {
        // Where the language is switched, or the session ended, after a link was made.
        group.get("/subscriptions/:id/link") { _, context in
            Response.seeOther(Self.path(ofSubscription: context.parameters.text("id")))
        }
        group.post("/subscriptions/:id/link") { request, context in
            try await taking(request, context) { form, reader, identity in
                let id = context.parameters.text("id")
                let asked = try await askForLink(form, to: id, reader, identity)
                // Shown at once instead of after a redirect, which would have to carry the link.
                return try await subscription(id, asked: asked, reader, identity)
            }
        }
    }

    private func askForLink(
        _ form: PageForm, to id: String, _ reader: PageReader, _ identity: Identity
    ) async throws -> AskedCustomerLink {
        guard try await desks.office({ try $0.subscription(id) }) != nil else { throw SubscriptionRefusal.unknown(id) }
        let typed = form["days"]
        guard let days = typed.flatMap({ Int($0) }), (1...CustomerLink.maximumDays).contains(days) else {
            try await noteRefusal("invalid-request", of: id, identity)
            let fault = sentence("refusal-link-days", [String(CustomerLink.maximumDays)], reader)
            return AskedCustomerLink(fault: fault, days: typed)
        }
        let made = try await desks.subscriptions.issueLink(to: id, days: days, by: identity.caller)
        return AskedCustomerLink(made: made, days: typed)
    }

    func customerLinkValues(_ asked: AskedCustomerLink, _ reader: PageReader) -> [String: Any] {
        // The whole address where the server was told its own name; else its path, and the page says so.
        let gateway = desks.kits.gateway?.description ?? ""
        let path = asked.made?.path ?? ""
        let end = asked.made.map { reader.format.time($0.expiresAt) } ?? ""
        let endUTC = asked.made.map { reader.format.utc($0.expiresAt) } ?? ""
        return [
            "customer-link": path.isEmpty ? "" : gateway + path, "link-lacks-gateway": gateway.isEmpty,
            "link-end": end, "link-end-utc": endUTC,
            "link-fault": asked.fault ?? "", "link-days": asked.days ?? String(CustomerLink.usualDays),
            "most-link-days": String(CustomerLink.maximumDays),
        ]
    }
}
