import Attribution
import Hummingbird
import Office
import Subscriptions

extension API {
    /// | request | answer |
    /// |---|---|
    /// | `GET subscriptions/{id}/check?partner=TEXT` | ``SubscriptionCheck``, with the subscription's `ETag` |
    ///
    /// For whoever may read subscriptions, and for the provider, which may change their partners: who may only see counts learns by
    /// `GET partners/{id}/check` whether an ID can be used at all, and nothing of a customer's subscription.
    func addSubscriptionCheck(to group: RouterGroup<BackOfficeContext>) {
        group.get("subscriptions/:id/check") { request, context in
            let call = try await providerCall(request, context, orFrom: .auditor)
            let id = context.parameters.text("id")
            return try await desks.noting(request.uri.path, of: call.caller) {
                try request.requireQuery(of: ["partner"])
                let text = String((request.query("partner") ?? "").prefix(Self.maximumCheckedCharacters))
                let check = try await desks.check(text, for: id, toldToProvider: call.origin == .provider)
                let time = desks.now()
                try await desks.office {
                    try $0.noteAccess(by: call.caller, .subscriptionRead, "\(id), check of \(PartnerText.quoted(text))", at: time)
                }
                var response = try Response(json: check)
                response.headers[.eTag] = EntityTags.field(String(check.version))
                return response
            }
        }
    }

    /// What is longer is no ID, and needs not be looked at to its end.
    private static let maximumCheckedCharacters = 200
}
