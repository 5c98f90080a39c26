/// What a request says beside the Partner ID: the values that outgoing parameters and records are made of.
struct ResolvedValues {
    let culture: Culture?
    let country: Country?
    /// Where in the parameters' bytes.
    let campaign: Range<Int>?

    init(_ parameters: ReceivedParameters, acceptLanguage: ArraySlice<UInt8>?, route: Route) {
        let names = route.parameters.names
        culture = Self.culture(parameters, names: names) ?? acceptLanguage.flatMap(AcceptLanguage.bestCulture)
        country = parameters.value(of: names.country).flatMap { Country(parameters.bytes.span.extracting($0)) }
        campaign = route.campaign.flatMap { Self.campaign(parameters, names: route.parameters.campaigns, pattern: $0.pattern) }
    }

    private static func culture(_ parameters: ReceivedParameters, names: ParameterNames) -> Culture? {
        for (parameter, number) in zip(CultureParameter.allCases, names.cultures) {
            guard let value = parameters.value(of: number) else { continue }
            if let culture = parameter.culture(parameters.bytes.span.extracting(value)) { return culture }
        }
        return nil
    }

    private static func campaign(_ parameters: ReceivedParameters, names: [Int], pattern: ValuePattern) -> Range<Int>? {
        for number in names {
            guard let value = parameters.value(of: number), value.count <= CampaignRule.maxLength else { continue }
            if pattern.matches(String(decoding: parameters.bytes[value], as: UTF8.self)) { return value }
        }
        return nil
    }
}
