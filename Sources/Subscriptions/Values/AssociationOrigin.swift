/// By whom a partner of record was set or removed.
package enum AssociationOrigin: String, CaseIterable, Codable, Sendable {
    /// Nobody by hand: it follows from the receipt that the provider sent back.
    case receipt
    case customer
    case admin
    case provider
}
