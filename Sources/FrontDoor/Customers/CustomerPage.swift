/// A page for a customer, or where to find it.
package struct CustomerPage: Equatable, Sendable {
    package let status: Int
    /// A language tag.
    package let language: String
    /// Empty for a redirect.
    package let html: [UInt8]
    /// A path of ours that status 303 leads to, in ASCII; nil without.
    package let location: String?
    /// When to ask again; nil where that would change nothing.
    package let retryAfterSeconds: Int?

    package init(
        status: Int, language: String, html: [UInt8], location: String? = nil, retryAfterSeconds: Int? = nil
    ) {
        self.status = status
        self.language = language
        self.html = html
        self.location = location
        self.retryAfterSeconds = retryAfterSeconds
    }
}
