import Attribution

/// Judges the values of one server.
struct ValueJudgement {
    let judge: SignupJudge
    /// Names of the operator's gateways, as ``HostName`` gives them; empty when none is known.
    let hosts: Set<String>
    /// One of them, of which the scheme and the port are known as well.
    let gateway: GatewayURL?
    let server: ServerValues

    /// - Returns: nil when the server has no such value.
    func judged(_ name: SignupValue.Name) -> (JudgedValue, [CheckFinding])? {
        guard let found = server[name] else { return nil }
        var findings = form(name, found)
        let opened: [JudgedValue.Opened]
        if let text = found.data.text {
            let (urls, problems) = name == .partner ? partner(text, found.key) : url(text, of: name, found.key)
            opened = urls
            findings += problems
        } else {
            opened = []
        }
        return (JudgedValue(key: found.key, name: name, data: found.data, opened: opened), findings)
    }

    /// What concerns the values together.
    func aboutAll() -> [CheckFinding] {
        let urls = SignupValue.Name.urls.filter { server[$0] != nil }
        guard !urls.isEmpty, urls.count < SignupValue.Name.urls.count else { return [] }
        let missing = SignupValue.Name.urls.filter { server[$0] == nil }.map(\.rawValue)
        return [
            CheckFinding(
                severity: .warning, code: .incomplete, key: server[urls[0]]?.key ?? "", value: nil,
                message: "\(missing.joined(separator: ", ")) is not set: there the module opens a URL of its own")
        ]
    }

    private func finding(
        _ severity: CheckFinding.Severity, _ code: CheckFinding.Code, _ name: SignupValue.Name, _ key: String, _ message: String
    ) -> CheckFinding {
        CheckFinding(severity: severity, code: code, key: key, value: name.rawValue, message: message)
    }

    // MARK: Type and spaces

    private func form(_ name: SignupValue.Name, _ found: ServerValues.Found) -> [CheckFinding] {
        switch found.data {
        case .string(let text):
            guard text != text.trimmed else { return [] }
            return [
                finding(
                    .warning, .space, name, found.key,
                    "there is white space around the data \(text.quoted); Porter takes it off, and others may not: set it without"
                )
            ]
        case .expandableString:
            return [
                finding(
                    .mistake, .wrongType, name, found.key,
                    "the type is \(found.data.typeName), and REG_SZ is what the module is documented to read; delete the "
                        + "value, and set it as a String Value")
            ]
        case .dword, .other:
            return [
                finding(
                    .mistake, .wrongType, name, found.key,
                    "the type is \(found.data.typeName), and the module reads REG_SZ, so it finds nothing; delete the "
                        + "value, and set it as a String Value")
            ]
        }
    }

    // MARK: Partner

    /// The module adds the value to the provider's own URLs, which are the routes that are its endpoints.
    private func partner(_ text: String, _ key: String) -> ([JudgedValue.Opened], [CheckFinding]) {
        let opened = judge.endpointRoutes.compactMap { route -> JudgedValue.Opened? in
            guard let url = route.providerURL(partner: text, on: nil) else { return nil }
            let verdict = judge.verdict(on: url)
            // Nobody can sign what the module makes itself, and it makes no URL where it was given one.
            if verdict.outcome == .unsigned, let given = givenURL(for: route.endpoint, partner: text) { return given }
            return JudgedValue.Opened(url: url.description, verdict: verdict, isOurs: true)
        }
        guard !opened.isEmpty else {
            return (
                [],
                [
                    finding(
                        .mistake, .noEndpointRoute, .partner, key,
                        "no route is one of the module's endpoints under a path without an ID, so nothing can be said of it")
                ]
            )
        }
        var findings: [CheckFinding] = []
        var told: [String] = []
        for verdict in opened.map(\.verdict) where !verdict.isAttributed && !told.contains(verdict.words) {
            // What is wrong with a URL's signature is told of the URL.
            if verdict.outcome == .unsigned, givenURL(for: verdict.endpoint, partner: text) != nil { continue }
            told.append(verdict.words)
            findings.append(notAttributed(verdict, .partner, key))
        }
        return (opened, findings)
    }

    /// What the module opens at an endpoint for which it was given a URL, with the ID that it may add; nil without one.
    private func givenURL(for endpoint: Endpoint?, partner: String) -> JudgedValue.Opened? {
        guard let endpoint, let name = SignupValue.Name.urls.first(where: { $0.endpoint == endpoint }),
            let text = server[name]?.data.text,
            let url = OpenedURL(text)?.adding(SignupValue.Name.partner.rawValue, partner)
        else { return nil }
        return JudgedValue.Opened(
            url: url.description, verdict: judge.verdict(on: url), isOurs: isOfOurHosts(url) && !isOfAnotherPort(url))
    }

    // MARK: Hosts and ports

    /// Also when none is known.
    private func isOfOurHosts(_ url: OpenedURL) -> Bool { hosts.isEmpty || hosts.contains(url.host) }

    /// Whether it goes past the gateway on the gateway's own host. On which port that answers the other scheme, nobody has said.
    private func isOfAnotherPort(_ url: OpenedURL) -> Bool {
        guard let gateway, url.host == gateway.host, url.scheme == gateway.scheme else { return false }
        return url.port != gateway.port
    }

    /// Why no sign-up over the URL comes here; nil when it does.
    private func elsewhere(_ url: OpenedURL, _ name: SignupValue.Name, _ key: String) -> CheckFinding? {
        guard isOfOurHosts(url) else {
            return finding(
                .mistake, .otherHost, name, key,
                "the URL goes to \(url.host.quoted), which is none of your hosts "
                    + "(\(hosts.sorted().joined(separator: ", "))): its sign-ups never come here")
        }
        guard let gateway, isOfAnotherPort(url) else { return nil }
        return finding(
            .mistake, .otherPort, name, key,
            "the URL goes to \(url.scheme.rawValue) on port \(url.port.map { "\($0)" } ?? "?") of \(url.host.quoted), and the "
                + "gateway is \(gateway): its sign-ups never come here")
    }

    private func otherScheme(_ url: OpenedURL, _ name: SignupValue.Name, _ key: String) -> CheckFinding? {
        guard let gateway, url.host == gateway.host, url.scheme != gateway.scheme else { return nil }
        return finding(
            .warning, .otherScheme, name, key,
            "the URL is \(url.scheme.rawValue), and the gateway is \(gateway); whether that answers \(url.scheme.rawValue) as well is "
                + "not known: set the URL with \(gateway.scheme.rawValue)")
    }

    // MARK: URLs

    private func url(_ text: String, of name: SignupValue.Name, _ key: String) -> ([JudgedValue.Opened], [CheckFinding]) {
        guard let url = OpenedURL(text) else {
            return (
                [],
                [
                    finding(
                        .mistake, .noURL, name, key,
                        "the data is no absolute http or https URL; set one such as "
                            + "https://gateway.example.com/p/1234567/enterprise/trial")
                ]
            )
        }
        if let elsewhere = elsewhere(url, name, key) {
            return ([JudgedValue.Opened(url: url.description, verdict: judge.verdict(on: url), isOurs: false)], [elsewhere])
        }
        let alone = judge.verdict(on: url)
        let added = server.partner.map { url.adding(SignupValue.Name.partner.rawValue, $0) }
        let withPartner = added.map { judge.verdict(on: $0) }
        var findings = self.findings(alone, withPartner, name, key)
        if let finding = otherScheme(url, name, key) { findings.append(finding) }
        if hosts.isEmpty {
            findings.append(
                finding(
                    .warning, .hostNotKnown, name, key,
                    "the URL goes to \(url.host.quoted); whether that is yours is not known, as neither routes nor --host name "
                        + "a host: name it with --gateway"))
        }
        // A URL without an ID depends on what the module adds.
        let (opened, verdict) = alone.outcome == .missing ? (added ?? url, withPartner ?? alone) : (url, alone)
        return ([JudgedValue.Opened(url: opened.description, verdict: verdict, isOurs: true)], findings)
    }

    /// - Parameter withPartner: what becomes of it when the module adds the value Partner, which it is not documented to do here;
    ///   nil when the server has none.
    private func findings(
        _ alone: SignupVerdict, _ withPartner: SignupVerdict?, _ name: SignupValue.Name, _ key: String
    ) -> [CheckFinding] {
        var findings: [CheckFinding] = []
        if let endpoint = alone.endpoint, let own = name.endpoint, endpoint != own {
            findings.append(
                finding(
                    .mistake, .otherEndpoint, name, key,
                    "the URL is that of \(endpoint.words), and this value is for \(own.words); exchange them"))
        }
        if alone.outcome == .missing, let withPartner {
            findings.append(
                withPartner.isAttributed
                    ? finding(
                        .warning, .noPartnerInURL, name, key,
                        "the URL carries no ID, so it depends on the module's adding the value Partner; put the ID into the URL")
                    : notAttributed(withPartner, name, key))
            return findings
        }
        if !alone.isAttributed { findings.append(notAttributed(alone, name, key)) }
        if let finding = signature(alone, name, key) { findings.append(finding) }
        if alone.isAttributed, let partner = alone.partner, let text = server.partner,
            case .id(let own) = CandidateKind.classify(text.utf8), own != partner
        {
            findings.append(
                finding(
                    .mistake, .otherPartner, name, key,
                    "the URL carries the ID \(partner), and the value Partner is \(own); set both to the one that is meant"))
        }
        return findings
    }

    /// A signature that is worth nothing, on a route that attributes sign-ups all the same.
    private func signature(_ verdict: SignupVerdict, _ name: SignupValue.Name, _ key: String) -> CheckFinding? {
        guard verdict.isAttributed else { return nil }
        let later = "its sign-ups are attributed only until the route requires signatures"
        switch verdict.signature {
        case .invalid:
            return finding(
                .warning, .signatureInvalid, name, key,
                "none of the partner's keys in force signed this URL as it stands; \(later)")
        case .expired:
            return finding(.warning, .signatureExpired, name, key, "the URL's signature has ended; \(later)")
        case .valid, .absent, nil: return nil
        }
    }

    private func notAttributed(_ verdict: SignupVerdict, _ name: SignupValue.Name, _ key: String) -> CheckFinding {
        finding(
            .mistake, .notAttributed, name, key,
            "sign-ups would not be attributed: \(verdict.words); \(verdict.advice(among: judge.directory))")
    }
}
