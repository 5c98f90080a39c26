package import Attribution

/// What an OEM or partner needs to prepare a reference image: the values, and what becomes of sign-ups with them.
package struct Kit: Sendable {
    package let partner: PartnerID
    package let agreement: KitAgreement
    /// Where sign-ups go; with MOSPA only where they can be tried.
    package let gateway: GatewayURL?
    /// The image's tag, which its sign-ups carry; only with MOSRA.
    package let campaign: String?
    /// In the order of the documentation.
    package let values: [SignupValue]
    /// One for each of the module's endpoints, as far as a route serves it.
    package let forecasts: [Forecast]
    /// The day of the forecasts, in UTC.
    package let day: CalendarDay

    /// What becomes of sign-ups at one of the module's endpoints.
    package struct Forecast: Equatable, Sendable {
        package let endpoint: Endpoint
        /// What a server opens.
        package let url: String
        package let verdict: SignupVerdict
    }

    /// Internet Explorer opens no longer URL (INTERNET_MAX_URL_LENGTH of wininet.h, less its NUL).
    static let maximumURLBytes = 2_083

    /// A kit is made whether or not the partner can be attributed today: what it would come to is said in ``warnings``.
    ///
    /// - Parameters:
    ///   - gateway: needed with MOSRA.
    ///   - campaign: what the routes take as a campaign.
    /// - Throws: ``KitFault`` when gateway, campaign and routes make no working URLs.
    package init(
        for partner: PartnerID, under agreement: KitAgreement, gateway: GatewayURL?, campaign: String?, judge: SignupJudge
    ) throws(KitFault) {
        self.partner = partner
        self.agreement = agreement
        self.gateway = gateway
        self.campaign = campaign
        day = judge.time.day
        let own = SignupValue(name: .partner, data: partner.description)
        switch agreement {
        case .mospa:
            guard campaign == nil else {
                throw KitFault(
                    "a campaign can't be told with mospa, which sets no URL; leave --campaign out, or add --agreement mosra")
            }
            values = [own]
            forecasts = Self.providerForecasts(partner, on: gateway, judge)
        case .mosra:
            guard let gateway else {
                throw KitFault("mosra sets the URLs of a gateway, and none is given; add --gateway https://gateway.example.com")
            }
            let forecasts = try Self.resellerForecasts(partner, on: gateway, campaign, judge)
            self.forecasts = forecasts
            values =
                [own]
                + SignupValue.Name.urls.compactMap { name in
                    forecasts.first { $0.endpoint == name.endpoint }.map { SignupValue(name: name, data: $0.url) }
                }
        }
    }

    private static func providerForecasts(_ partner: PartnerID, on gateway: GatewayURL?, _ judge: SignupJudge) -> [Forecast] {
        judge.endpointRoutes.compactMap { route in
            guard let endpoint = route.endpoint, let url = route.providerURL(partner: partner.description, on: gateway) else {
                return nil
            }
            return Forecast(endpoint: endpoint, url: url.description, verdict: judge.verdict(on: url))
        }
    }

    private static func resellerForecasts(
        _ partner: PartnerID, on gateway: GatewayURL, _ campaign: String?, _ judge: SignupJudge
    ) throws(KitFault) -> [Forecast] {
        var forecasts: [Forecast] = []
        for case let endpoint? in SignupValue.Name.urls.map(\.endpoint) {
            forecasts.append(try resellerForecast(partner, at: endpoint, on: gateway, campaign, judge))
        }
        return forecasts
    }

    private static func resellerForecast(
        _ partner: PartnerID, at endpoint: Endpoint, on gateway: GatewayURL, _ campaign: String?, _ judge: SignupJudge
    ) throws(KitFault) -> Forecast {
        let route = judge.endpointRoutes.first {
            $0.endpoint == endpoint && $0.answers(on: gateway.host) && $0.partnerPath != nil
        }
        guard let route, let path = route.partnerPath else {
            throw KitFault(
                "no route for \(endpoint.words) answers on \(gateway.host) with an ID in its path; give one of that endpoint "
                    + "a path such as /p/{partner}/\(endpoint.edition.rawValue)/\(endpoint.action.rawValue)")
        }
        let url = gateway.description + path.written(for: partner) + (try route.query(for: campaign))
        guard url.utf8.count <= maximumURLBytes, let opened = OpenedURL(url) else {
            throw KitFault(
                "the URL \(url.quoted) is longer than servers open (\(maximumURLBytes) bytes); shorten the campaign")
        }
        let verdict = judge.verdict(on: opened)
        guard verdict.route == route.name, verdict.campaign == campaign else {
            throw KitFault(
                "the URL \(url.quoted) was made for the route \(route.name.quoted) and comes out otherwise; see what becomes "
                    + "of it with `porter explain`")
        }
        return Forecast(endpoint: endpoint, url: url, verdict: verdict)
    }
}

extension Route {
    /// The query that tells a campaign; empty for none.
    ///
    /// - Throws: ``KitFault`` when the route does not take it.
    fileprivate func query(for campaign: String?) throws(KitFault) -> String {
        guard let campaign else { return "" }
        guard let rule = self.campaign, let name = rule.parameters.first else {
            throw KitFault(
                "the route \(self.name.quoted) takes no campaign; leave --campaign out, or write `campaign` into its file")
        }
        guard campaign.utf8.count <= CampaignRule.maxLength, rule.pattern.matches(campaign) else {
            throw KitFault(
                "the campaign \(campaign.quoted) is none that the route \(self.name.quoted) takes, expected a text that matches "
                    + rule.pattern.source.quoted)
        }
        var query = Array("?".utf8)
        query.appendURLEncoded(name.utf8)
        query.append(UInt8(ascii: "="))
        query.appendURLEncoded(campaign.utf8)
        return String(decoding: query, as: UTF8.self)
    }
}
