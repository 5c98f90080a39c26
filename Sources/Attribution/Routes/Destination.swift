/// Where a route's sign-ups go. No visitor can change it.
package struct Destination: Sendable {
    /// Absolute, ASCII, without user information, query and fragment.
    package let url: String
    /// The host of ``url`` in lower case, without the port.
    package let host: String
    /// nil leaves the fragment off; an empty one sends a bare `#`, so that a browser does not carry its own over
    /// (RFC 9110, section 10.2.2).
    package let fragment: String?
    /// 302, 303 or 307.
    package let status: Int
    package let query: [OutgoingParameter]

    package init(url: String, host: String, fragment: String? = nil, status: Int = 302, query: [OutgoingParameter] = []) {
        self.url = url
        self.host = host
        self.fragment = fragment
        self.status = status
        self.query = query
    }
}

/// One parameter of the redirect's query.
package struct OutgoingParameter: Sendable {
    /// Where a parameter's value comes from.
    package enum Source: Sendable {
        case value(String)
        case partner
        case receipt
        case culture
        /// The culture's decimal LCID.
        case lcid
        case country
        case origin
        case campaign
        case edition
        case action
        case route
        /// What the visitor sent under a name, when the filter lets it through; at most `maxLength` UTF-8 bytes after decoding.
        case query(name: String, filter: Filter, maxLength: Int)
    }

    /// Which of the visitor's values are let through.
    package enum Filter: Sendable {
        case pattern(ValuePattern)
        case oneOf([String])
    }

    /// What is done to the value's ASCII letters at the end.
    package enum LetterCase: String, CaseIterable, Sendable {
        case upper
        case lower
    }

    /// As sent, before percent-encoding.
    package let name: String
    /// Where the value comes from.
    package let source: Source
    /// What is sent when the source has no value; nil leaves the parameter out.
    package let defaultValue: String?
    /// nil leaves the letters as they are.
    package let letterCase: LetterCase?

    /// UTF-8 bytes of a visitor's value when the route file says nothing: identifiers and tags are far shorter.
    package static let defaultMaxLength = 256

    package init(name: String, source: Source, defaultValue: String? = nil, letterCase: LetterCase? = nil) {
        self.name = name
        self.source = source
        self.defaultValue = defaultValue
        self.letterCase = letterCase
    }
}
