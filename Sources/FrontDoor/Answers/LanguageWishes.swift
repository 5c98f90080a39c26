import Attribution

/// What the language of a page is chosen by: ``ErrorPages`` chooses when a page is written.
package struct LanguageWishes: Equatable, Sendable {
    /// The culture that the request's parameters name: it goes before what the browser accepts.
    let culture: Culture?
    /// The value of Accept-Language as sent, or its beginning.
    let accepted: ArraySlice<UInt8>?

    /// Longer than any browser's. A page is made on the event loop, and every tag of the list may have to be looked up.
    private static let acceptedBytes = 512
    /// Larger than nearly all heads.
    private static let usualHeadBytes = 4_096

    /// - Parameter head: nil when the request could not be read that far.
    init(culture: Culture? = nil, _ head: RequestHead?) {
        self.culture = culture
        guard let head, let value = head[.acceptLanguage]?.prefix(Self.acceptedBytes) else {
            accepted = nil
            return
        }
        // A slice keeps its whole head in memory until the answer has left. That is cheaper than a copy, but not to be had for
        // large heads: many answers may wait for a slow commit.
        accepted = head.bytes.count <= Self.usualHeadBytes ? value : Array(value)[...]
    }

    /// Of a visitor who has said nothing.
    package static var unsaid: LanguageWishes { LanguageWishes(nil) }
}
