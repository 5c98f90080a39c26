/// What parameter names mean to a route. A class like its route.
final class RouteParameters: Sendable {
    let names: ParameterNames
    /// The names that may give the culture, with their numbers, in the order in which they are asked.
    let cultures: [(parameter: CultureParameter, number: Int)]
    let country: Int
    /// The numbers of the names in which the campaign is looked for, in order.
    let campaigns: [Int]
    /// nil where nobody looks for a link's signature: its names then mean nothing.
    let signature: SignatureNames?
    /// By number, whether a Partner ID is accepted under the name.
    private let namesPartner: [Bool]

    /// The numbers of the names that a link's signature has.
    struct SignatureNames {
        let expiry: Int
        let signature: Int
    }

    init(partner: PartnerRule, campaign: CampaignRule?, destination: Destination) {
        var names = ParameterNames()
        cultures = CultureParameter.allCases.map { ($0, names.number(of: $0.rawValue)) }
        country = names.number(of: Country.parameterName)
        let partners = partner.parameters.map { names.number(of: $0) }
        campaigns = (campaign?.parameters ?? []).map { names.number(of: $0) }
        for parameter in destination.query {
            if case .query(let name, _, _) = parameter.source { _ = names.number(of: name) }
        }
        signature =
            partner.signature == .off
            ? nil
            : SignatureNames(
                expiry: names.number(of: SignedLink.expiryName), signature: names.number(of: SignedLink.signatureName))
        namesPartner = (0..<names.count).map(partners.contains)
        self.names = names
    }

    /// Whether a Partner ID is accepted under the name of this number.
    func isPartner(_ number: Int?) -> Bool { number.map { namesPartner[$0] } ?? false }
}
