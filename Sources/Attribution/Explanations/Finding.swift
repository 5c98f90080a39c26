extension DecisionStep {
    /// What a step found. Each belongs to one ``Question``.
    package enum Finding: String, CaseIterable, Sendable {
        // target
        case path = "path-form"
        case absolute = "absolute-form"
        /// It can't be read, or is too large.
        case unreadable
        // route
        case matched
        /// One of the service's own paths.
        case ownPath = "own-path"
        case noRoute = "no-route"
        // method
        case methodTaken = "method-taken"
        case methodRefused = "method-refused"
        // parameters
        case parameters
        case noParameters = "no-parameters"
        case tooManyParameters = "too-many-parameters"
        case bodyTooLarge = "body-too-large"
        // candidates
        /// An ID in the path decides alone.
        case idInPath = "id-in-path"
        /// One ID, whatever else was sent.
        case oneID = "one-id"
        case differentIDs = "different-ids"
        /// There is no ID: what the first candidate is says why.
        case firstCandidate = "first-candidate"
        case nothingSent = "nothing-sent"
        // directory
        case notAsked = "not-asked"
        case listed
        case unlisted
        /// Not in the directory, and the route takes any well-formed ID.
        case unlistedTaken = "unlisted-taken"
        // signature
        case signatureValid = "signature-valid"
        case signatureInvalid = "signature-invalid"
        case signatureExpired = "signature-expired"
        case signatureAbsent = "signature-absent"
        // outcome
        case attributed
        case notAttributed = "not-attributed"
        // values
        case values
        // client
        case visit
        case noVisit = "no-visit"
        // answer
        case redirected
        case rejected
        case refused
        /// The service's own page.
        case answeredItself = "answered-itself"
        // location
        case location
    }
}

/// Words that facts are told in.
package enum ExplanationWord: String, CaseIterable, Sendable {
    // where something was found
    case query
    case form
    case path
    // what became of the body
    case noBody = "no-body"
    case bodyIsForm = "body-is-form"
    case bodyIsNoForm = "body-is-no-form"
    case bodyNeedsPost = "body-needs-post"
    // what a parameter is used for
    case partnerID = "partner-id"
    case culture
    case country
    case campaign
    case signature
    case passedOn = "passed-on"
    case dropped
    // what a candidate is
    case id
    case guid
    case placeholder
    case malformed
    /// It counts as not sent.
    case nothing
    // what a route does without an ID
    case redirectAnyway = "redirect"
    case reject
    // where an outgoing value comes from
    case fixed
    case ofRoute = "of-route"
    case attributedPartner = "attributed-partner"
    case newReceipt = "new-receipt"
    case ofRequest = "of-request"
    case defaultValue = "default"
    // why there is none
    case leftOut = "left-out"
    case leftOutUnattributed = "left-out-unattributed"
    case leftOutDiffering = "left-out-differing"
    case leftOutTooLong = "left-out-too-long"
    case leftOutNotAllowed = "left-out-not-allowed"
    // why a request is no visit
    case methodHead = "method-head"
    case preview
    case bot
    case tool
    case testHeader = "test-header"
    case testPartner = "test-partner"
    // why a route is near, and not it
    case otherHost = "other-host"
    case otherPath = "other-path"
    // why the status is what it is
    case seeOther = "see-other"
    // why a request is refused
    case badTarget = "bad-target"
    case badHost = "bad-host"
    case tooManyParameters = "too-many-parameters"
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case bodyTooLarge = "body-too-large"
    case targetTooLong = "target-too-long"
    case headTooLarge = "head-too-large"
}

extension ExplanationWord {
    init(_ refusal: Refusal) {
        self =
            switch refusal {
            case .badRequest(.target): .badTarget
            case .badRequest(.host): .badHost
            case .badRequest(.parameters): .tooManyParameters
            case .notFound: .notFound
            case .methodNotAllowed: .methodNotAllowed
            case .bodyTooLarge: .bodyTooLarge
            case .targetTooLong: .targetTooLong
            case .headTooLarge: .headTooLarge
            }
    }
}
