/// What is to be answered to one request, and the draft of its record when it is a sign-up.
package struct Decision: Sendable {
    package let answer: Answer
    /// nil for what is no sign-up: refused requests, unmatched paths, the service's own paths. Whoever needs nothing else may take
    /// it out: a draft refers to much, and copying it costs.
    package var draft: RecordDraft?
    /// The culture that the request's parameters name: the first choice for the language of a page, should there be one. Unlike the
    /// record's it is never what the browser accepts: of that a page may find a better use, for it knows the languages it is in.
    package let namedCulture: Culture?

    package init(answer: Answer, draft: RecordDraft?, namedCulture: Culture? = nil) {
        self.answer = answer
        self.draft = draft
        self.namedCulture = namedCulture
    }
}

/// The answer to one request; the front door turns it into bytes.
package enum Answer: Sendable {
    /// The customer goes to the provider.
    case redirect(status: Int, location: Location)
    /// The route rejects the sign-up with an error page: 400 or 403.
    case rejection(status: Int, outcome: Outcome)
    case refusal(Refusal)
    case own(OwnPath)

    package var status: Int {
        switch self {
        case .redirect(let status, _), .rejection(let status, _): status
        case .refusal(let refusal): refusal.status
        case .own(let path): path.status
        }
    }

    /// Where a redirect goes, for people and tests.
    package var location: String? {
        if case .redirect(_, let location) = self { location.description } else { nil }
    }
}

/// A request that is answered with an error and makes no record.
package enum Refusal: Error, Equatable, Sendable {
    /// 400: what the request says makes no sense; why, for the log.
    case badRequest(BadRequest)
    /// 404; the path as sent, for the table of unmatched paths.
    case notFound
    /// 405 with `Allow`.
    case methodNotAllowed(allow: String)
    /// 413
    case bodyTooLarge
    /// 414
    case targetTooLong
    /// 431
    case headTooLarge

    package enum BadRequest: String, Sendable {
        case target = "the target is neither a path nor an absolute http or https URL"
        case host = "the request has no Host, or more than one"
        case parameters = "query and form name too many parameters"
    }

    package var status: Int {
        switch self {
        case .badRequest: 400
        case .notFound: 404
        case .methodNotAllowed: 405
        case .bodyTooLarge: 413
        case .targetTooLong: 414
        case .headTooLarge: 431
        }
    }
}

/// The service's own paths, which no route may take.
package enum OwnPath: String, CaseIterable, Sendable {
    case health = "/healthz"
    case robots = "/robots.txt"
    case favicon = "/favicon.ico"

    /// Everything below is kept for customers' pages, of which no route and no decision knows (``RequestHead/reserved``).
    package static let reservedPrefix = "/s/"

    /// The path of a request, byte for byte.
    init?(_ path: Span<UInt8>) {
        for own in Self.all where path.isEqual(to: own.bytes.span) {
            self = own.path
            return
        }
        return nil
    }

    private static let all = allCases.map { (path: $0, bytes: Array($0.rawValue.utf8)) }

    /// Whether the path lies below ``reservedPrefix``.
    static func isReserved(_ path: Span<UInt8>) -> Bool {
        path.count >= reserved.count && path.extracting(first: reserved.count).isEqual(to: reserved.span)
    }

    private static let reserved = Array(reservedPrefix.utf8)

    package var status: Int { self == .favicon ? 204 : 200 }
}
