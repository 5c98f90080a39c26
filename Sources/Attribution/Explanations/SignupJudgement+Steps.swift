extension SignupJudgement {
    /// What a route made of the request, from its parameters to its answer.
    func steps(_ request: SignupRequest, _ decision: Decision, directory: PartnerDirectory) -> [DecisionStep] {
        var steps = [parameterStep(request), candidateStep(), directoryStep(directory)]
        if let signature { steps.append(signatureStep(signature, directory)) }
        steps += [outcomeStep(), valueStep(request.head)]
        if let draft = decision.draft { steps.append(clientStep(draft, request.head)) }
        let isPostRedirect = signup.method == .post && decision.answer.location != nil
        steps.append(.answer(decision.answer, why: isPostRedirect ? .seeOther : nil))
        if case .redirect = decision.answer { steps.append(locationStep()) }
        return steps
    }

    // MARK: Parameters

    private func parameterStep(_ request: SignupRequest) -> DecisionStep {
        var inQuery = ReceivedParameters(capacity: signup.query.count)
        // Together with the form's they were not too many.
        try? inQuery.add(request.head.bytes.span.extracting(signup.query), for: signup.route.parameters)
        var rows: [[Fact]] = []
        for (place, parameter) in parameters.all.enumerated() {
            rows.append([
                Fact(.name, sent: parameters.bytes[parameter.name]), Fact(.value, sent: parameters.bytes[parameter.value]),
                Fact(.place, place < inQuery.all.count ? .query : .form), Fact(.use, use(of: parameter.number)),
            ])
        }
        return DecisionStep(
            .parameters, rows.isEmpty ? .noParameters : .parameters, [Fact(.body, bodyWord(request))], rows: rows)
    }

    private func use(of number: Int?) -> ExplanationWord {
        guard let number else { return .dropped }
        let meaning = signup.route.parameters
        if meaning.isPartner(number) { return .partnerID }
        if meaning.cultures.contains(where: { $0.number == number }) { return .culture }
        if number == meaning.country { return .country }
        if let names = meaning.signature, number == names.expiry || number == names.signature { return .signature }
        return meaning.campaigns.contains(number) ? .campaign : .passedOn
    }

    private func bodyWord(_ request: SignupRequest) -> ExplanationWord {
        guard let body = request.body, !body.isEmpty else { return .noBody }
        guard signup.method == .post else { return .bodyNeedsPost }
        return request.head.hasFormType ? .bodyIsForm : .bodyIsNoForm
    }

    // MARK: Candidates

    private func candidateStep() -> DecisionStep {
        var rows: [[Fact?]] = []
        if let segment = signup.partnerSegment { rows.append([Fact(.place, .path)] + Self.facts(ofCandidate: segment)) }
        for parameter in parameters.all where signup.route.parameters.isPartner(parameter.number) {
            let name = Fact(.place, sent: parameters.bytes[parameter.name])
            rows.append([name] + Self.facts(ofCandidate: parameters.bytes[parameter.value]))
        }
        return DecisionStep(.candidates, candidateFinding, [verdict.partner.map { Fact(.partner, $0.description) }], rows: rows)
    }

    private static func facts(ofCandidate raw: ArraySlice<UInt8>) -> [Fact?] {
        let kind = CandidateKind.classify(raw)
        var reason: Reason?
        let word: ExplanationWord
        switch kind {
        case .id: word = .id
        case .guid: word = .guid
        case .placeholder: word = .placeholder
        case .nothing: word = .nothing
        case .malformed(let why): (word, reason) = (.malformed, why)
        }
        return [
            Fact(.sent, sent: raw), CandidateKind.cleanedText(of: raw).map { Fact(.cleaned, sent: $0.utf8) }, Fact(.kind, word),
            reason.map { Fact(.reason, .reason($0)) },
        ]
    }

    private var candidateFinding: DecisionStep.Finding {
        switch choice.verdict {
        case .none(.conflict, _): return .differentIDs
        case .none(.missing, _): return .nothingSent
        case .none: return .firstCandidate
        case .id: break
        }
        guard signup.route.partner.precedence == .path, let segment = signup.partnerSegment,
            case .id = CandidateKind.classify(segment)
        else { return .oneID }
        return .idInPath
    }

    // MARK: Directory, signature and outcome

    private func directoryStep(_ directory: PartnerDirectory) -> DecisionStep {
        let known = [
            Fact(.directoryVersion, String(directoryVersion)), Fact(.partners, String(directory.count)), Fact(.time, .time(time)),
        ]
        guard let partner = verdict.partner else { return DecisionStep(.directory, .notAsked, known) }
        let asked = Fact(.partner, partner.description)
        guard let standing = directory[partner] else {
            return DecisionStep(
                .directory, verdict.outcome == .attributed ? .unlistedTaken : .unlisted, [asked] + known,
                rows: directory.neighbours(of: partner).prefix(Self.mostNeighbours).map { [Fact(.partner, $0.description)] })
        }
        return DecisionStep(
            .directory, .listed,
            [
                asked, Fact(.standing, .standing(standing.status)),
                standing.statusReason.map { Fact(.statusReason, .reason($0.asReason)) },
                standing.validFrom.map { Fact(.validFrom, $0.description) },
                standing.validTo.map { Fact(.validTo, $0.description) },
            ] + known)
    }

    /// Partners that are shown for one that is not in the directory.
    private static let mostNeighbours = 3

    private func signatureStep(_ signature: LinkSignature, _ directory: PartnerDirectory) -> DecisionStep {
        let finding: DecisionStep.Finding =
            switch signature {
            case .valid: .signatureValid
            case .invalid: .signatureInvalid
            case .expired: .signatureExpired
            case .absent: .signatureAbsent
            }
        var facts: [Fact] = []
        if let partner = verdict.partner { facts.append(Fact(.keys, String(directory.linkKeys(of: partner).count))) }
        if let names = signup.route.parameters.signature, let end = parameters.value(of: names.expiry),
            let seconds = SignedLink.expiry(parameters.bytes[end])
        {
            facts.append(Fact(.expires, .time(Timestamp(microseconds: seconds * Timestamp.microsecondsPerSecond))))
        }
        return DecisionStep(.signature, finding, facts)
    }

    private func outcomeStep() -> DecisionStep {
        DecisionStep(
            .outcome, verdict.outcome == .attributed ? .attributed : .notAttributed,
            [
                Fact(.outcome, .outcome(verdict.outcome)), verdict.reason.map { Fact(.reason, .reason($0)) },
                Fact(.otherwise, signup.route.partner.otherwise == .reject ? .reject : .redirectAnyway),
            ])
    }

    // MARK: Client

    private func clientStep(_ draft: RecordDraft, _ head: RequestHead) -> DecisionStep {
        let why: ExplanationWord? =
            if draft.isVisit {
                nil
            } else if draft.method == .head {
                .methodHead
            } else {
                switch draft.client {
                case .preview: .preview
                case .bot: .bot
                case .tool: .tool
                case .browser, .unknown: head[.porterTest] == nil ? .testPartner : .testHeader
                }
            }
        return DecisionStep(
            .client, draft.isVisit ? .visit : .noVisit,
            [
                Fact(.client, draft.client.rawValue), draft.clientOS.map { Fact(.clientOS, $0.rawValue) },
                why.map { Fact(.why, $0) },
            ])
    }
}
