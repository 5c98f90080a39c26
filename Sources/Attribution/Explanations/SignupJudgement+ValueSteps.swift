extension SignupJudgement {
    // MARK: Culture, country, campaign

    func valueStep(_ head: RequestHead) -> DecisionStep {
        var rows: [[Fact]] = []
        func note(_ what: ExplanationWord, _ value: String, from place: String) {
            rows.append([Fact(.what, what), Fact(.value, value), Fact(.from, place)])
        }
        if let culture = values.culture { note(.culture, "\(culture.tag) (\(culture.lcid))", from: culturePlace) }
        if let country = values.country { note(.country, country.code, from: Country.parameterName) }
        if let campaign = values.campaign {
            let name = parameters.all.first { $0.value == campaign }?.name
            let campaign = ShownText.of(parameters.bytes[campaign])
            note(.campaign, campaign, from: name.map { ShownText.of(parameters.bytes[$0]) } ?? "")
        }
        return DecisionStep(.values, .values, rows: rows)
    }

    /// The first parameter that names a culture decides; without one, the header field.
    private var culturePlace: String {
        for (parameter, number) in signup.route.parameters.cultures {
            guard let value = parameters.value(of: number) else { continue }
            if parameter.culture(parameters.bytes.span.extracting(value)) != nil { return parameter.rawValue }
        }
        return "Accept-Language"
    }

    // MARK: The redirect's address

    func locationStep() -> DecisionStep {
        let route = signup.route
        let rows = route.destination.query.map { outgoing -> [Fact] in
            let (value, why) = part(outgoing)
            return [
                Fact(.name, outgoing.name), Fact(.value, String(decoding: value ?? [], as: UTF8.self)),
                Fact(.from, outgoing.source.inRouteFile), Fact(.why, why),
            ]
        }
        return DecisionStep(
            .location, .location,
            [
                Fact(.url, route.destination.url),
                route.location.fragment.isEmpty ? nil : Fact(.fragment, String(decoding: route.location.fragment, as: UTF8.self)),
            ],
            rows: rows)
    }

    /// - Returns: the encoded value, nil when the parameter is left out; and why it is so.
    private func part(_ outgoing: OutgoingParameter) -> (value: [UInt8]?, why: ExplanationWord) {
        let route = signup.route
        let labels = RouteLabels(name: route.name, version: route.version, endpoint: route.endpoint, origin: route.origin)
        let template = LocationTemplate.Parameter(outgoing, labels: labels, names: route.parameters.names)
        guard let template else { return (nil, .leftOut) }
        guard let source = template.source else { return (template.defaultValue, outgoing.knownWord(labels)) }
        var value: [UInt8] = []
        append(source, letterCase: template.letterCase, to: &value)
        if !value.isEmpty {
            switch source {
            case .partner: return (value, .attributedPartner)
            case .receipt: return (value, .newReceipt)
            default: return (value, .ofRequest)
            }
        }
        if let value = template.defaultValue { return (value, .defaultValue) }
        return (nil, whyLeftOut(source))
    }

    private func whyLeftOut(_ source: LocationTemplate.Source) -> ExplanationWord {
        switch source {
        case .partner:
            return .leftOutUnattributed
        case .query(let number, _, let maxLength):
            guard let value = parameters.value(of: number) else {
                let wasSent = parameters.all.contains { $0.number == number && !$0.value.isEmpty }
                return wasSent ? .leftOutDiffering : .leftOut
            }
            return value.count > maxLength ? .leftOutTooLong : .leftOutNotAllowed
        default:
            return .leftOut
        }
    }
}

extension OutgoingParameter {
    /// Where a value comes from that is known without a request.
    fileprivate func knownWord(_ labels: RouteLabels) -> ExplanationWord {
        let known: String? =
            switch source {
            case .origin: labels.origin
            case .route: labels.name
            case .edition: labels.endpoint?.edition.rawValue
            case .action: labels.endpoint?.action.rawValue
            default: nil
            }
        if case .value = source { return .fixed }
        return known?.isEmpty == false ? .ofRoute : .defaultValue
    }
}

extension OutgoingParameter.Source {
    /// As the route file says it.
    fileprivate var inRouteFile: String {
        switch self {
        case .value: "value"
        case .partner: "partner"
        case .receipt: "receipt"
        case .culture: "culture"
        case .lcid: "lcid"
        case .country: "country"
        case .origin: "origin"
        case .campaign: "campaign"
        case .edition: "edition"
        case .action: "action"
        case .route: "route"
        case .query(let name, _, _): "query:\(name)"
        }
    }
}
