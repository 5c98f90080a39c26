/// Under which agreement with Microsoft the partner prepares images: it decides which values they need.
package enum KitAgreement: String, CaseIterable, Sendable {
    /// Microsoft Online Services Partner Agreement: the module adds the partner's ID to the provider's own sign-up URLs.
    case mospa
    /// Microsoft Online Services Reseller Agreement: the module's four sign-up URLs are replaced as well, by the gateway's.
    case mosra

    /// The values that a kit sets, in the order of the documentation.
    package var valueNames: [SignupValue.Name] {
        switch self {
        case .mospa: [.partner]
        case .mosra: SignupValue.Name.allCases
        }
    }
}
