package import Attribution

/// One of the values of ``MSOKey``, all of which are strings (REG_SZ).
package struct SignupValue: Hashable, Sendable {
    /// The values that the module reads.
    package enum Name: String, CaseIterable, Sendable {
        /// The partner-of-record ID, which the module adds to the sign-up URLs.
        case partner = "Partner"
        case enterpriseBuy = "MOSRASTDBUY"
        case enterpriseTrial = "MOSRASTDTRY"
        case smallBusinessBuy = "MOSRALITEBUY"
        case smallBusinessTrial = "MOSRALITETRY"
    }

    package let name: Name
    /// The text that the registry holds.
    package let data: String
}

extension SignupValue.Name {
    /// The module's URL that the value replaces; nil for ``partner``.
    package var endpoint: Endpoint? {
        switch self {
        case .partner: nil
        case .enterpriseBuy: Endpoint(edition: .enterprise, action: .buy)
        case .enterpriseTrial: Endpoint(edition: .enterprise, action: .trial)
        case .smallBusinessBuy: Endpoint(edition: .smallBusiness, action: .buy)
        case .smallBusinessTrial: Endpoint(edition: .smallBusiness, action: .trial)
        }
    }

    /// The four values that hold a URL, in the order of the documentation.
    static let urls = allCases.filter { $0.endpoint != nil }

    /// The registry compares names without regard to letter case.
    init?(registryName name: String) {
        guard let found = Self.allCases.first(where: { $0.rawValue.utf8.equalsIgnoringASCIICase(name.utf8) }) else { return nil }
        self = found
    }
}

extension Endpoint {
    /// `enterprise buy`, as messages say it.
    var words: String { "\(edition.rawValue) \(action.rawValue)" }
}
