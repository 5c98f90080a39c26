/// What a request says beside the Partner ID: the values that outgoing parameters and records are made of.
struct ResolvedValues {
    /// Of the parameters, else of what the browser accepts.
    let culture: Culture?
    /// Of the parameters alone.
    let namedCulture: Culture?
    let country: Country?
    /// Where in the parameters' bytes.
    let campaign: Range<Int>?

    init(_ parameters: borrowing ReceivedParameters, acceptLanguage: ArraySlice<UInt8>?, route: Route) {
        namedCulture = Self.culture(parameters, names: route.parameters)
        culture = namedCulture ?? acceptLanguage.flatMap { AcceptLanguage.bestCulture(in: $0.span) }
        country = Self.country(parameters, names: route.parameters)
        campaign = Self.campaign(parameters, route)
    }

    private static func culture(_ parameters: borrowing ReceivedParameters, names: RouteParameters) -> Culture? {
        for (parameter, number) in names.cultures {
            guard let value = parameters.value(of: number) else { continue }
            if let culture = parameter.culture(parameters.bytes.span.extracting(value)) { return culture }
        }
        return nil
    }

    private static func country(_ parameters: borrowing ReceivedParameters, names: RouteParameters) -> Country? {
        guard let value = parameters.value(of: names.country) else { return nil }
        return Country(parameters.bytes.span.extracting(value))
    }

    private static func campaign(_ parameters: borrowing ReceivedParameters, _ route: Route) -> Range<Int>? {
        guard let pattern = route.campaign?.pattern else { return nil }
        for number in route.parameters.campaigns {
            guard let value = parameters.value(of: number), value.count <= CampaignRule.maxLength else { continue }
            if pattern.matches(String(decoding: parameters.bytes[value], as: UTF8.self)) { return value }
        }
        return nil
    }
}
