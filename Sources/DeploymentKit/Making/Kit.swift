package import Attribution

/// What an OEM or partner needs to prepare a reference image: the values, and what becomes of sign-ups with them.
package struct Kit: Sendable {
    package let partner: PartnerID
    package let agreement: KitAgreement
    /// Where sign-ups go; with MOSPA only where they can be tried.
    package let gateway: GatewayURL?
    /// The image's tag, which its sign-ups carry; only with MOSRA.
    package let campaign: String?
    /// The last day on which the signatures of its URLs are valid, in UTC; nil when they have none.
    package let signedThrough: CalendarDay?
    /// In the order of the documentation; none when it only takes values away.
    package let values: [SignupValue]
    /// One for each of the module's endpoints, as far as a route serves it.
    package let forecasts: [Forecast]
    /// The day of the forecasts, in UTC.
    package let day: CalendarDay
    /// Why there is none; nil when there are, or when nobody looked for any.
    let whyNoForecast: KitWarning?
    /// Why the directory would not have the partner attributed, whatever the routes.
    let directoryFailure: SignupFailure?
    /// What others know, beside what routes and directory say.
    package var furtherWarnings: [KitWarning] = []

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
    ///   - signing: of the URLs, which only MOSRA has.
    /// - Throws: ``KitFault`` when gateway, campaign, signing and routes make no working URLs.
    package init(
        for partner: PartnerID, under agreement: KitAgreement, gateway: GatewayURL?, campaign: String?,
        signing: KitSigning? = nil, judge: SignupJudge
    ) throws(KitFault) {
        self.partner = partner
        self.agreement = agreement
        self.gateway = gateway
        self.campaign = campaign
        signedThrough = signing?.through
        day = judge.time.day
        directoryFailure = SignupFailure(of: partner, in: judge.directory, at: judge.time)
        let own = SignupValue(name: .partner, data: partner.description)
        switch agreement {
        case .mospa:
            guard campaign == nil else {
                throw KitFault(
                    .campaignWithoutURL,
                    message: "mospa sets no URL that could carry a campaign; leave campaign out, or take the agreement mosra")
            }
            guard signing == nil else { throw KitFault.signatureWithoutURL }
            values = [own]
            forecasts = Self.providerForecasts(partner, on: gateway, judge)
            whyNoForecast = forecasts.isEmpty ? Self.whyNoForecast(partner, on: gateway, judge) : nil
        case .mosra:
            guard let gateway else {
                throw KitFault(
                    .gatewayMissing,
                    message: "mosra sets the URLs of a gateway, and gateway is missing; give one such as "
                        + "https://gateway.example.com")
            }
            let forecasts = try Self.resellerForecasts(partner, on: gateway, campaign, signing, judge)
            self.forecasts = forecasts
            whyNoForecast = nil
            values =
                [own]
                + SignupValue.Name.urls.compactMap { name in
                    forecasts.first { $0.endpoint == name.endpoint }.map { SignupValue(name: name, data: $0.url) }
                }
        }
    }

    /// What takes the values away again. It needs nothing but their names, so it is there whatever becomes of gateway and routes.
    package init(undoing agreement: KitAgreement, of partner: PartnerID, on day: CalendarDay) {
        self.partner = partner
        self.agreement = agreement
        self.day = day
        gateway = nil
        campaign = nil
        signedThrough = nil
        values = []
        forecasts = []
        whyNoForecast = nil
        directoryFailure = nil
    }

    /// The kit that was ordered.
    ///
    /// - Parameter signing: nil unless the order asks for it.
    package init(_ order: KitOrder, signing: KitSigning?, judge: SignupJudge) throws(KitFault) {
        guard !order.isUndo else {
            self.init(undoing: order.agreement, of: order.partner, on: judge.time.day)
            return
        }
        try self.init(
            for: order.partner, under: order.agreement, gateway: order.gateway, campaign: order.campaign, signing: signing,
            judge: judge)
    }

    private static func providerForecasts(_ partner: PartnerID, on gateway: GatewayURL?, _ judge: SignupJudge) -> [Forecast] {
        judge.endpointRoutes.compactMap { route in
            guard let endpoint = route.endpoint, let url = route.providerURL(partner: partner.description, on: gateway) else {
                return nil
            }
            return Forecast(endpoint: endpoint, url: url.description, verdict: judge.verdict(on: url))
        }
    }

    private static func whyNoForecast(_ partner: PartnerID, on gateway: GatewayURL?, _ judge: SignupJudge) -> KitWarning {
        let elsewhere = judge.endpointRoutes.filter { $0.providerURL(partner: partner.description, on: nil) != nil }
        guard let gateway, !elsewhere.isEmpty else { return .noEndpoint }
        // A route of any host would answer on the gateway's.
        return .otherHost(than: Set(elsewhere.flatMap(\.hosts)), gateway.host)
    }

    private static func resellerForecasts(
        _ partner: PartnerID, on gateway: GatewayURL, _ campaign: String?, _ signing: KitSigning?, _ judge: SignupJudge
    ) throws(KitFault) -> [Forecast] {
        var forecasts: [Forecast] = []
        for case let endpoint? in SignupValue.Name.urls.map(\.endpoint) {
            forecasts.append(try resellerForecast(partner, at: endpoint, on: gateway, campaign, signing, judge))
        }
        return forecasts
    }

    private static func resellerForecast(
        _ partner: PartnerID, at endpoint: Endpoint, on gateway: GatewayURL, _ campaign: String?, _ signing: KitSigning?,
        _ judge: SignupJudge
    ) throws(KitFault) -> Forecast {
        let route = judge.endpointRoutes.first {
            $0.endpoint == endpoint && $0.answers(on: gateway.host) && $0.partnerPath != nil
        }
        guard let route, let path = route.partnerPath else {
            let example = "/p/{partner}/\(endpoint.edition.rawValue)/\(endpoint.action.rawValue)"
            throw KitFault(
                .noRoute, endpoint.words, gateway.host, example,
                message: "no route for \(endpoint.words) answers on \(gateway.host) with an ID in its path; give one of that "
                    + "endpoint a path such as \(example)")
        }
        var url = gateway.description + path.written(for: partner) + (try route.query(for: campaign))
        if let signing { url = try signing.signed(url, by: judge.routes) }
        guard url.utf8.count <= maximumURLBytes, let opened = OpenedURL(url) else {
            throw KitFault(
                .urlTooLong, "\(maximumURLBytes)",
                message: "the URL \(url.quoted) is longer than servers open (\(maximumURLBytes) bytes); shorten the campaign")
        }
        let verdict = judge.verdict(on: opened)
        guard verdict.route == route.name, verdict.campaign == campaign else {
            throw KitFault(
                .comesOutOtherwise, url.quoted, route.name.quoted,
                message: "the URL \(url.quoted) was made for the route \(route.name.quoted) and comes out otherwise; see what "
                    + "becomes of it with `porter explain`")
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
                .campaignNotTaken, self.name.quoted,
                message: "the route \(self.name.quoted) takes no campaign; leave campaign out, or write it into the route's "
                    + "file")
        }
        guard campaign.utf8.count <= CampaignRule.maxLength, rule.pattern.matches(campaign) else {
            throw KitFault(
                .campaign, campaign.quoted, self.name.quoted, rule.pattern.source.quoted,
                message: "the campaign \(campaign.quoted) is none that the route \(self.name.quoted) takes, expected a text that "
                    + "matches \(rule.pattern.source.quoted)")
        }
        var query = Array("?".utf8)
        query.appendURLEncoded(name.utf8)
        query.append(UInt8(ascii: "="))
        query.appendURLEncoded(campaign.utf8)
        return String(decoding: query, as: UTF8.self)
    }
}
