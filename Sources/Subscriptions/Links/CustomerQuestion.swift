/// What is asked below `/s/`, as it was sent.
package struct CustomerQuestion: Sendable {
    /// Behind `/s/`.
    package var path: [UInt8]
    /// Behind the first `?`.
    package var query: [UInt8] = []
    package var isPost = false
    /// The body of a form; nil for every other body, and without one.
    package var form: [UInt8]?
    /// The value of Accept-Language; empty without.
    package var acceptLanguage: [UInt8] = []
    /// Of the client, for the access log; empty when nothing of it may be kept.
    package var address = ""

    package init(path: [UInt8]) {
        self.path = path
    }
}

/// What is answered: a page, or where to find it.
package struct CustomerReply: Equatable, Sendable {
    package let status: Int
    /// A language tag.
    package let language: String
    /// Empty for a redirect.
    package let html: [UInt8]
    /// A path of ours, for status 303.
    package var location: String?
    /// When to ask again.
    package var retryAfterSeconds: Int?
}

/// What a question comes to that was only looked at.
package enum CustomerJudgement: Sendable {
    /// There is no more to it.
    case answered(CustomerReply)
    /// The same, and it is to be noted (``CustomerDesk/note(_:)``).
    case refused(CustomerReply, CustomerRefusal)
    /// A valid link: ``CustomerDesk/answer(_:)`` says more.
    case visit(CustomerVisit)
}

/// Why a link was refused, for the access log.
package struct CustomerRefusal: Equatable, Sendable {
    package let what: String
    /// To which the link was made, when it was, and has ended; nil for a link that nobody made.
    package let subscription: String?
    let address: String
}

/// Somebody who came by a valid link.
package struct CustomerVisit: Sendable {
    let link: CustomerLink
    let question: CustomerQuestion
    let texts: CustomerTexts
}
