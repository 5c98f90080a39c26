/// One sign-up request, judged: whom it is attributed to, and where it goes.
struct SignupJudgement {
    let request: SignupRequest
    let signup: Admission.Signup
    let time: Timestamp
    let receipt: Receipt
    let directoryVersion: Int
    let parameters: ReceivedParameters
    let choice: PartnerChoice
    let verdict: PartnerVerdict
    let values: ResolvedValues

    /// - Throws: ``Refusal`` when the body is too large, or too many parameters are named.
    init(
        _ request: SignupRequest,
        _ signup: Admission.Signup,
        directory: PartnerDirectory,
        time: Timestamp,
        receipt: Receipt
    ) throws(Refusal) {
        self.request = request
        self.signup = signup
        self.time = time
        self.receipt = receipt
        directoryVersion = directory.version
        let body = request.body ?? []
        guard body.count <= RequestLimits.bodyBytes else { throw .bodyTooLarge }
        var parameters = ReceivedParameters()
        try parameters.add(signup.query)
        if signup.method == .post, request.head.hasFormType { try parameters.add(body[...]) }
        self.parameters = parameters
        let rule = signup.route.partner
        choice = PartnerChoice(
            pathSegment: signup.partnerSegment,
            values: parameters.values(underAnyOf: rule.acceptedKeys),
            precedence: rule.precedence)
        verdict = PartnerVerdict(choice.verdict, rule: rule, directory: directory, time: time)
        values = ResolvedValues(parameters, head: request.head, route: signup.route)
    }

    func decision(ownHosts: Set<String>) -> Decision {
        let answer = answer
        return Decision(answer: answer, draft: draft(answer, ownHosts: ownHosts))
    }

    private var answer: Answer {
        if signup.route.partner.otherwise == .reject, let status = verdict.rejectionStatus {
            return .rejection(status: status, outcome: verdict.outcome, culture: values.culture)
        }
        let destination = signup.route.destination
        // The form's fields were judged here; 303 keeps the client from sending them on (RFC 9110, section 15.4.4).
        let status = signup.method == .post ? 303 : destination.status
        return .redirect(status: status, location: destination.location { outgoingValue($0) })
    }

    /// The value of one parameter of the redirect; nil leaves it out.
    private func outgoingValue(_ parameter: OutgoingParameter) -> String? {
        // A fixed value is sent as the operator wrote it, also an empty one.
        if case .value(let value) = parameter.source { return parameter.letterCase?.applied(to: value) ?? value }
        let value = sourceValue(parameter.source).flatMap { $0.isEmpty ? nil : $0 } ?? parameter.defaultValue
        return value.map { parameter.letterCase?.applied(to: $0) ?? $0 }
    }

    private func sourceValue(_ source: OutgoingParameter.Source) -> String? {
        let route = signup.route
        return switch source {
        case .value(let value): value
        case .partner: verdict.outcome == .attributed ? verdict.partner?.description : nil
        case .receipt: receipt.description
        case .culture: values.culture?.tag
        case .lcid: values.culture.map { String($0.lcid) }
        case .country: values.country?.code
        case .origin: route.origin
        case .campaign: values.campaign
        case .edition: route.endpoint?.edition.rawValue
        case .action: route.endpoint?.action.rawValue
        case .route: route.name
        case .query(let name, let filter, let maxLength):
            parameters.value(of: name.lowercasedASCIIBytes).flatMap {
                $0.utf8.count <= maxLength && filter.accepts($0) ? $0 : nil
            }
        }
    }
}

extension RequestHead {
    /// Whether the body is a form: `application/x-www-form-urlencoded`, whatever parameters follow the type.
    fileprivate var hasFormType: Bool {
        guard let type = self[.contentType]?.prefix(while: { $0 != UInt8(ascii: ";") }) else { return false }
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let trimmed = type.reversed().drop(while: isBlank).reversed().drop(while: isBlank)
        return trimmed.equalsIgnoringASCIICase("application/x-www-form-urlencoded".utf8)
    }
}

extension OutgoingParameter.Filter {
    /// Texts are compared byte for byte: Swift's `==` would take other spellings of one character for the same.
    fileprivate func accepts(_ value: String) -> Bool {
        switch self {
        case .pattern(let pattern): pattern.matches(value)
        case .oneOf(let values): values.contains { $0.utf8.elementsEqual(value.utf8) }
        }
    }
}

extension OutgoingParameter.LetterCase {
    /// ASCII letters only: other letters change differently from language to language.
    fileprivate func applied(to text: String) -> String {
        String(decoding: text.utf8.map { self == .upper ? $0.asciiUppercased : $0.asciiLowercased }, as: UTF8.self)
    }
}
