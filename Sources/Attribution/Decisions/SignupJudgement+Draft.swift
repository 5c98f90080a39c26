extension SignupJudgement {
    /// The record as far as it can be said before the ledger gives it a place.
    func draft(_ request: SignupRequest, _ answer: Answer, routes: RouteTable) -> RecordDraft {
        let head = request.head
        let agent = UserAgent(head[.userAgent])
        return RecordDraft(
            receipt: receipt,
            time: time,
            route: signup.route,
            campaign: values.campaign.map { String(decoding: parameters.bytes[$0], as: UTF8.self) },
            outcome: verdict.outcome,
            reason: verdict.reason,
            partner: verdict.partner,
            partnerIsListed: verdict.isListed,
            claimed: choice.claimed,
            client: ClientKind(head, agent: agent),
            clientOS: agent?.system,
            method: signup.method,
            status: answer.status,
            culture: values.culture,
            country: values.country,
            host: signup.host.flatMap { routes.recordedHost($0, of: signup.route) },
            scheme: request.scheme,
            tlsVersion: request.tlsVersion,
            isTest: verdict.isTest || head.range(of: .porterTest) != nil,
            directoryVersion: directoryVersion,
            signature: signature,
            personal: personal(head, request.visitor, answer))
    }

    /// Room for what is written around the personal texts.
    private static let personalFrameBytes = 160

    private func personal(_ head: RequestHead, _ visitor: VisitorAddress?, _ answer: Answer) -> PersonalJSON {
        let agent = head[.userAgent] ?? []
        let location: [UInt8] = if case .redirect(_, let location) = answer { location.bytes } else { [] }
        var writer = PersonalWriter(
            texts: .received, capacity: location.count + agent.count + parameters.bytes.count + Self.personalFrameBytes)
        appendDropped(to: &writer)
        writer.appendIP(visitor)
        if !location.isEmpty { writer.appendLocation(location.span) }
        if let first = choice.raw.first {
            let raw = choice.raw.count == 1 ? first : Array(choice.raw.joined(separator: [UInt8(ascii: "|")]))[...]
            writer.appendPartnerRaw(raw.span)
        }
        if let host = head[.referer].flatMap(Self.hostName) { writer.appendReferrerHost(host.span) }
        if !agent.isEmpty { writer.appendUserAgent(agent.span) }
        return PersonalJSON(writer, network: visitor?.network)
    }

    /// The host of an absolute URL; nil when there is none.
    private static func hostName(_ url: ArraySlice<UInt8>) -> [UInt8]? {
        let url = url.span
        var start = 0
        while start < url.count, schemeBytes.contains(url[start]) { start += 1 }
        // What has no scheme may hold another URL further on.
        guard start > 0, url.contains(lowercase: "://", at: start) else { return nil }
        start += 3
        var end = start
        while end < url.count, !authorityEnds.contains(url[end]) {
            end += 1
            if url[end - 1] == UInt8(ascii: "@") { start = end }
        }
        let name = HostName.range(in: url.extracting(start..<end))
        var host: [UInt8] = []
        for index in name { host.append(url[start + index].asciiLowercased) }
        return host.isEmpty ? nil : host
    }

    private static let schemeBytes = ASCIISet((0..<128).filter { $0.isASCIILetter || $0.isASCIIDigit } + "+-.".utf8)
    private static let authorityEnds = ASCIISet("/?#".utf8)

    /// Names of what was sent and not used, in order, each once, as first sent.
    private func appendDropped(to writer: inout PersonalWriter) {
        var seen: Set<[UInt8]> = []
        for parameter in parameters.all where parameter.number == nil && seen.count < PersonalFields.maximumDropped {
            let name = parameters.bytes[parameter.name]
            guard seen.insert(name.map(\.asciiLowercased)).inserted else { continue }
            let kept = name.prefix(PersonalFields.maximumDroppedNameBytes)
            writer.appendDropped(kept.span)
        }
    }
}
