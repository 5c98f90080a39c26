/// One sign-up request, judged: whom it is attributed to, and where it goes. Not copied, because it refers to much.
struct SignupJudgement: ~Copyable {
    let signup: Admission.Signup
    let time: Timestamp
    let receipt: Receipt
    let directoryVersion: Int
    let parameters: ReceivedParameters
    let choice: PartnerChoice
    let verdict: PartnerVerdict
    let values: ResolvedValues
    /// nil where nobody looks for one.
    let signature: LinkSignature?

    /// - Throws: ``Refusal`` when the body is too large, or too many parameters are named.
    init(
        _ request: SignupRequest,
        _ signup: consuming Admission.Signup,
        directory: PartnerDirectory,
        time: Timestamp,
        receipt: Receipt
    ) throws(Refusal) {
        self.signup = signup
        self.time = time
        self.receipt = receipt
        directoryVersion = directory.version
        let body = request.body ?? []
        guard body.count <= RequestLimits.bodyBytes else { throw .bodyTooLarge }
        let route = self.signup.route
        var form: [UInt8] = []
        if self.signup.method == .post, request.head.hasFormType { form = body }
        var parameters = ReceivedParameters(capacity: self.signup.query.count + form.count)
        try parameters.add(request.head.bytes.span.extracting(self.signup.query), for: route.parameters)
        try parameters.add(form.span, for: route.parameters)
        choice = PartnerChoice(pathSegment: self.signup.partnerSegment, parameters: parameters, route: route)
        var verdict = PartnerVerdict(choice.verdict, rule: route.partner, directory: directory, time: time)
        values = ResolvedValues(parameters, acceptLanguage: request.head[.acceptLanguage], route: route)
        if let names = route.parameters.signature {
            let signature = LinkSignature(
                parameters, names: names, path: request.head.requestedPath, partner: verdict.partner, campaign: values.campaign,
                keys: verdict.partner.map { directory.linkKeys(of: $0) } ?? [], time: time)
            if route.partner.signature == .require { verdict.require(signature) }
            self.signature = signature
        } else {
            signature = nil
        }
        self.verdict = verdict
        self.parameters = parameters
    }

    func decision(_ request: SignupRequest, _ routes: RouteTable) -> Decision {
        let answer = answer
        return Decision(answer: answer, draft: draft(request, answer, routes: routes), namedCulture: values.namedCulture)
    }

    private var answer: Answer {
        if signup.route.partner.otherwise == .reject, let status = verdict.rejectionStatus {
            return .rejection(status: status, outcome: verdict.outcome)
        }
        // The form's fields were judged here; 303 keeps the client from sending them on (RFC 9110, section 15.4.4).
        let status = signup.method == .post ? 303 : signup.route.destination.status
        return .redirect(status: status, location: location)
    }
}

extension RequestHead {
    /// The path of the target, as sent; empty for a target that has none.
    fileprivate var requestedPath: ArraySlice<UInt8> { RequestTarget(self).map { bytes[$0.path] } ?? [] }

    /// Whether the body is a form: `application/x-www-form-urlencoded`, whatever parameters follow the type.
    package var hasFormType: Bool {
        guard let type = self[.contentType]?.prefix(while: { $0 != UInt8(ascii: ";") }) else { return false }
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let trimmed = type.reversed().drop(while: isBlank).reversed().drop(while: isBlank)
        return trimmed.equalsIgnoringASCIICase("application/x-www-form-urlencoded".utf8)
    }
}
