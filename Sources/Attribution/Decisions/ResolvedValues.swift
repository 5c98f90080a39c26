/// What a request says beside the Partner ID: the values that outgoing parameters and records are made of.
struct ResolvedValues {
    let culture: Culture?
    let country: Country?
    let campaign: String?

    init(_ parameters: ReceivedParameters, head: RequestHead, route: Route) {
        culture = Self.culture(parameters, acceptLanguage: head[.acceptLanguage])
        country = parameters.value(of: Country.parameterName.utf8).flatMap(Country.init)
        campaign = route.campaign.flatMap { Self.campaign(parameters, rule: $0) }
    }

    private static func culture(_ parameters: ReceivedParameters, acceptLanguage: ArraySlice<UInt8>?) -> Culture? {
        for name in CultureParameter.allCases {
            if let value = parameters.value(of: name.rawValue.utf8), let culture = name.culture(value) { return culture }
        }
        return acceptLanguage.flatMap(AcceptLanguage.bestCulture)
    }

    private static func campaign(_ parameters: ReceivedParameters, rule: CampaignRule) -> String? {
        for name in rule.parameters {
            guard let value = parameters.value(of: name.lowercasedASCIIBytes), value.utf8.count <= CampaignRule.maxLength else {
                continue
            }
            if rule.pattern.matches(value) { return value }
        }
        return nil
    }
}
