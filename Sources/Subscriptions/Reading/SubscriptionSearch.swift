package import Attribution

/// Which subscriptions are wanted, by ID.
package struct SubscriptionSearch: Equatable, Sendable {
    package var tenant: String?
    package var product: Product?
    package var channel: Channel?
    package var partner: PartnerID?
    /// Only those that have no partner of record and could have one.
    package var withoutPartner = false
    /// Only those with IDs behind this one: what a page goes on behind.
    package var after: String?

    package init() {}
}
