package import Attribution

/// One answer on its way to a client.
package struct Reply {
    package enum Content {
        /// What the decision says.
        case answer(Answer)
        /// The message itself was refused.
        case fault(HeadFault)
        /// 503: the record could not be committed, so that nothing may be promised.
        case unavailable
        /// A page for a customer, from whoever answers below `/s/`. Apart, so that all the other answers are small.
        indirect case page(CustomerPage)
        /// 100: the body may be sent.
        case proceed
    }

    var content: Content
    /// Of what is recorded.
    var receipt: Receipt?
    /// Of the visitor: what the language of a page is chosen by.
    var wishes: LanguageWishes
    /// Whether the request was HEAD: the same head, no body.
    var isHead: Bool
    var persistence: MessageFraming.Persistence

    package init(
        content: Content, receipt: Receipt? = nil, wishes: LanguageWishes = .unsaid, isHead: Bool,
        persistence: MessageFraming.Persistence
    ) {
        self.content = content
        self.receipt = receipt
        self.wishes = wishes
        self.isHead = isHead
        self.persistence = persistence
    }
}
