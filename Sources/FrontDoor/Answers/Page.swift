import Attribution

/// An answer other than a redirect, ready to be written: the rare ones, which may cost a few allocations.
struct Page: Equatable {
    var status: Int
    /// Names in lower case, as HTTP/2 wants them; HTTP/1 does not care.
    var fields: [(name: String, value: String)]
    var body: [UInt8]

    static func == (left: Page, right: Page) -> Bool {
        left.status == right.status && left.body == right.body
            && left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
    }

    private static let retryAfterSeconds = "5"
    private static let contentPolicyName = "content-security-policy"
    private static let contentPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    /// What the first leaves open, for pages that have a form.
    private static let formPolicy = "; form-action 'self'; base-uri 'none'"

    /// - Parameters:
    ///   - wishes: what a page's language is chosen by.
    ///   - isHealthy: what `/healthz` is to say.
    static func of(
        _ content: Reply.Content, receipt: Receipt?, wishes: LanguageWishes = .unsaid, pages: ErrorPages, isHealthy: Bool
    ) -> Page {
        switch content {
        case .answer(.rejection(let status, let outcome)):
            return rejection(status: status, outcome: outcome, wishes: wishes, receipt: receipt, pages: pages)
        case .answer(.refusal(let refusal)):
            return of(refusal, wishes: wishes, pages: pages)
        case .answer(.own(let path)):
            return own(path, isHealthy: isHealthy)
        case .answer(.redirect(let status, let location)):
            return redirect(status: status, location: location.description, receipt: receipt)
        case .fault(let fault):
            let document = pages.page(key(of: fault.status), for: wishes, receipt: nil, detail: detail(of: fault))
            var page = html(fault.status, document)
            page.fields.append(("cache-control", "no-store"))
            return page
        case .unavailable:
            var page = html(503, pages.page("unavailable", for: wishes, receipt: nil))
            page.fields += [("cache-control", "no-store"), ("retry-after", retryAfterSeconds)]
            return page
        case .page(let page):
            return customer(page)
        case .proceed:
            return Page(status: 100, fields: [], body: [])
        }
    }

    /// What HTTP/2 sends; HTTP/1 writes its redirects as bytes.
    private static func redirect(status: Int, location: String, receipt: Receipt?) -> Page {
        var page = Page(status: status, fields: [("location", location), ("cache-control", "no-store")], body: [])
        if let receipt { page.fields.append(("porter-receipt", receipt.description)) }
        return page
    }

    private static func rejection(
        status: Int, outcome: Outcome, wishes: LanguageWishes, receipt: Receipt?, pages: ErrorPages
    ) -> Page {
        var page = html(status, pages.page(outcome.rawValue, for: wishes, receipt: receipt))
        page.fields.append(("cache-control", "no-store"))
        if let receipt { page.fields.append(("porter-receipt", receipt.description)) }
        return page
    }

    private static func of(_ refusal: Refusal, wishes: LanguageWishes, pages: ErrorPages) -> Page {
        var detail: String?
        if case .badRequest(let reason) = refusal { detail = reason.rawValue }
        var page = html(refusal.status, pages.page(key(of: refusal.status), for: wishes, receipt: nil, detail: detail))
        // A cache may keep a 404 (RFC 9110, section 15.1); the next visitor may read another language.
        page.fields.append(("vary", "accept-language"))
        if case .methodNotAllowed(let allow) = refusal { page.fields.append(("allow", allow)) }
        return page
    }

    /// A page behind a link that nobody else may have: it is kept nowhere, found by no search, and tells no other site where it
    /// was.
    private static func customer(_ asked: CustomerPage) -> Page {
        var page = html(asked.status, ErrorPages.Document(language: asked.language, html: asked.html))
        // Its form goes where it came from.
        for index in page.fields.indices where page.fields[index].name == contentPolicyName {
            page.fields[index].value += formPolicy
        }
        page.fields += [("cache-control", "no-store"), ("x-robots-tag", "noindex, nofollow")]
        if let location = asked.location { page.fields.append(("location", location)) }
        if let seconds = asked.retryAfterSeconds { page.fields.append(("retry-after", String(seconds))) }
        return page
    }

    private static func own(_ path: OwnPath, isHealthy: Bool) -> Page {
        switch path {
        case .health where isHealthy: text(200, "ok\n", cacheControl: "no-store")
        case .health: text(503, "records cannot be committed\n", cacheControl: "no-store")
        case .robots: text(200, "User-agent: *\nDisallow: /\n", cacheControl: "max-age=86400")
        case .favicon: Page(status: 204, fields: [("cache-control", "max-age=86400")], body: [])
        }
    }

    private static func text(_ status: Int, _ text: String, cacheControl: String) -> Page {
        Page(
            status: status,
            fields: [("content-type", "text/plain; charset=utf-8"), ("cache-control", cacheControl)],
            body: Array(text.utf8)
        )
    }

    /// A page of our own making that may not load, run or frame anything.
    private static func html(_ status: Int, _ document: ErrorPages.Document) -> Page {
        Page(
            status: status,
            fields: [
                ("content-type", "text/html; charset=utf-8"),
                ("content-language", document.language),
                (contentPolicyName, contentPolicy),
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "no-referrer"),
            ],
            body: document.html
        )
    }

    private static func detail(of fault: HeadFault) -> String? {
        if case .malformed(let malformation) = fault { malformation.rawValue } else { nil }
    }

    /// The sentence of the language files that fits a status.
    private static func key(of status: Int) -> String {
        switch status {
        case 404: "not-found"
        case 405: "method-not-allowed"
        case 408: "too-slow"
        case 413, 414, 431: "too-large"
        default: "bad-request"
        }
    }
}
