package import Attribution

/// Says of a server's registry whether its sign-ups would be attributed, and what is wrong with it.
package struct ExportCheck: Sendable {
    /// The values that the module reads, in the order of the documentation.
    package private(set) var values: [JudgedValue] = []
    /// In the order of the export, what concerns all of it first.
    package private(set) var findings: [CheckFinding] = []

    /// Whether there is a value, and every sign-up because of any of them would be attributed.
    package var isAttributed: Bool { !values.isEmpty && values.allSatisfy(\.isAttributed) }

    /// Whom all sign-ups would be attributed to; nil when not all of them are, or not all to the same.
    package var partner: PartnerID? {
        guard isAttributed, let partner = values.first?.partner else { return nil }
        return values.allSatisfy { $0.partner == partner } ? partner : nil
    }

    package var hasMistakes: Bool { findings.contains { $0.severity == .mistake } }

    /// - Parameter gateway: where the operator's sign-ups are answered. Beside it, the hosts of the routes and the operator's
    ///   others are known, though not by which ports.
    package init(_ export: RegistryExport, judge: SignupJudge, gateway: GatewayURL?) {
        var hosts = judge.routes.ownHosts
        for route in judge.routes.routes { hosts.formUnion(route.hosts) }
        if let gateway { hosts.insert(gateway.host) }
        let server = ServerValues(export)
        let judgement = ValueJudgement(judge: judge, hosts: hosts, gateway: gateway, server: server)
        for name in SignupValue.Name.allCases {
            guard let (value, found) = judgement.judged(name) else { continue }
            values.append(value)
            findings += found
        }
        findings = PlaceCheck.findings(export, server) + findings + judgement.aboutAll()
    }
}
