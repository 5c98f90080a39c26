extension SignupJudgement {
    /// The record as far as it can be said before the ledger gives it a place.
    func draft(_ answer: Answer, ownHosts: Set<String>) -> RecordDraft {
        let head = request.head
        return RecordDraft(
            receipt: receipt,
            time: time,
            route: signup.route,
            campaign: values.campaign,
            outcome: verdict.outcome,
            reason: verdict.reason,
            partner: verdict.partner,
            partnerIsListed: verdict.isListed,
            claimed: choice.claimed,
            client: ClientKind(head),
            clientOS: ClientOS(agent: head[.userAgent]),
            method: signup.method,
            status: answer.status,
            culture: values.culture,
            country: values.country,
            host: recordedHost(ownHosts: ownHosts),
            scheme: request.scheme,
            tlsVersion: request.tlsVersion,
            isTest: verdict.isTest || head[.porterTest] != nil,
            directoryVersion: directoryVersion,
            personal: personalFields(answer))
    }

    /// Only names that the operator wrote down: what else a client puts into `Host` would let it fill the log with words of its own.
    private func recordedHost(ownHosts: Set<String>) -> String? {
        guard let host = signup.host, signup.route.hosts.contains(host) || ownHosts.contains(host) else { return nil }
        return host
    }

    private func personalFields(_ answer: Answer) -> PersonalFields {
        var fields = PersonalFields()
        fields.location = answer.location
        fields.referrerHost = request.head[.referer].flatMap(Self.hostName)
        if !choice.raw.isEmpty {
            fields.partnerRaw = PersonalText.escaped(Array(choice.raw.joined(separator: [UInt8(ascii: "|")])))
        }
        fields.address = request.visitor
        fields.userAgent = request.head[.userAgent].flatMap { $0.isEmpty ? nil : PersonalText.escaped($0) }
        fields.dropped = dropped
        return fields
    }

    /// The host of an absolute URL; nil when there is none.
    private static func hostName(_ url: ArraySlice<UInt8>) -> String? {
        // What has no scheme may hold another URL further on.
        let scheme = url.prefix { $0.isASCIILetter || $0.isASCIIDigit || Array("+-.".utf8).contains($0) }
        guard !scheme.isEmpty, let mark = url.firstIndexIgnoringASCIICase(of: "://"), mark == scheme.endIndex else { return nil }
        var authority = url[(mark + 3)...].prefix { !Array("/?#".utf8).contains($0) }
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) { authority = authority[(at + 1)...] }
        let name = HostName.normalizedBytes(authority)
        return name.isEmpty ? nil : PersonalText.escaped(name)
    }

    /// Names of what was sent and not used, in order, each once, as first sent.
    private var dropped: [String] {
        var seen: Set<[UInt8]> = []
        var names: [String] = []
        for parameter in parameters.all where !signup.route.usedNames.contains(parameter.key) {
            guard names.count < PersonalFields.maximumDropped else { break }
            guard seen.insert(parameter.key).inserted else { continue }
            names.append(PersonalText.escaped(parameter.name.prefix(PersonalFields.maximumDroppedNameBytes)))
        }
        return names
    }
}
