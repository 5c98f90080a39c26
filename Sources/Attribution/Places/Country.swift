/// A country or region, as two upper-case letters of ISO 3166-1.
package struct Country: Hashable, Sendable {
    package let code: String

    /// The request parameter that names it.
    package static let parameterName = "country"
}
