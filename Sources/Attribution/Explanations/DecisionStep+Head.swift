extension DecisionStep {
    /// How target, route and method were read, as far as the request came.
    static func aboutHead(_ request: SignupRequest, routes: RouteTable, answer: Answer) -> [DecisionStep] {
        let head = request.head
        switch answer {
        case .refusal(.targetTooLong), .refusal(.headTooLarge), .refusal(.badRequest(.target)), .refusal(.badRequest(.host)):
            guard case .refusal(let refusal) = answer else { return [] }
            return [.unreadable(refusal)]
        default: break
        }
        guard let target = RequestTarget(head) else { return [] }
        let path = RequestPath(head.bytes, at: target.path)
        let host = head.host(asked: target)
        let steps = [aboutTarget(request, target, host: host)]
        if let own = OwnPath(head.bytes.span.extracting(target.path)) {
            return steps + [DecisionStep(.route, .ownPath, [Fact(.path, own.rawValue)]), aboutMethod(head, answer)]
        }
        if head.reserved != nil {
            return steps + [DecisionStep(.route, .ownPath, [Fact(.path, OwnPath.reservedPrefix)]), aboutMethod(head, answer)]
        }
        guard let match = routes.match(path, host: host) else {
            return steps + [DecisionStep(.route, .noRoute, rows: NearRoute.find(path, host: host, in: routes).map(\.row))]
        }
        return steps + [aboutRoute(match, path), aboutMethod(head, answer)]
    }

    /// - Parameter refusal: for what nobody read on.
    static func unreadable(_ refusal: Refusal) -> DecisionStep {
        DecisionStep(.target, .unreadable, [Fact(.why, ExplanationWord(refusal))])
    }

    private static func aboutTarget(_ request: SignupRequest, _ target: RequestTarget, host: ArraySlice<UInt8>?) -> DecisionStep {
        let bytes = request.head.bytes
        return DecisionStep(
            .target, target.authority == nil ? .path : .absolute,
            [
                Fact(.scheme, request.scheme.rawValue),
                host.map { Fact(.host, sent: $0.map(\.asciiLowercased)) },
                Fact(.path, sent: bytes[target.path]),
                target.query.isEmpty ? nil : Fact(.query, sent: bytes[target.query]),
            ])
    }

    private static func aboutRoute(_ match: RouteTable.Match, _ path: RequestPath) -> DecisionStep {
        DecisionStep(
            .route, .matched,
            [
                Fact(.route, match.route.name), Fact(.version, match.route.version),
                match.route.paths.first { $0.fits(path, hasPartner: match.partner != nil) }.map { Fact(.matches, $0.text) },
                match.partner.map { Fact(.segment, sent: $0) },
                match.route.hosts.isEmpty ? nil : Fact(.hosts, match.route.hosts.joined(separator: " ")),
            ])
    }

    private static func aboutMethod(_ head: RequestHead, _ answer: Answer) -> DecisionStep {
        let method = Fact(.method, sent: head.methodBytes)
        guard case .refusal(.methodNotAllowed(let allow)) = answer else { return DecisionStep(.method, .methodTaken, [method]) }
        return DecisionStep(.method, .methodRefused, [method, Fact(.allow, allow)])
    }

    /// For a request whose parameters nobody judges; nil when it did not come that far.
    static func aboutParameters(_ refusal: Refusal) -> DecisionStep? {
        switch refusal {
        case .badRequest(.parameters): DecisionStep(.parameters, .tooManyParameters)
        case .bodyTooLarge: DecisionStep(.parameters, .bodyTooLarge)
        default: nil
        }
    }

    /// What is answered.
    static func answer(_ answer: Answer, why: ExplanationWord? = nil) -> DecisionStep {
        var facts = [Fact(.status, String(answer.status))]
        if let why { facts.append(Fact(.why, why)) }
        switch answer {
        case .redirect(_, let location):
            return DecisionStep(.answer, .redirected, facts + [Fact(.location, location.description)])
        case .rejection(_, let outcome):
            return DecisionStep(.answer, .rejected, facts + [Fact(.outcome, .outcome(outcome))])
        case .own(let path):
            return DecisionStep(.answer, .answeredItself, facts + [Fact(.path, path.rawValue)])
        case .refusal(let refusal):
            return DecisionStep(.answer, .refused, facts + [Fact(.why, ExplanationWord(refusal))])
        }
    }
}

extension PathPattern {
    /// Whether a path is one that this pattern matches.
    func fits(_ path: RequestPath, hasPartner: Bool) -> Bool {
        guard segments.count == path.count, segments.contains(.partner) == hasPartner else { return false }
        return segments.indices.allSatisfy { index in
            if case .literal(let literal) = segments[index] { path[index].map(\.asciiLowercased) == literal } else { true }
        }
    }
}
