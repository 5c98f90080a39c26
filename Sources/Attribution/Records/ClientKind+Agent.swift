extension ClientKind {
    /// What a request's fields say about who sent it; the first rule that fits decides.
    init(_ head: RequestHead, agent: UserAgent?) {
        self = Self.isPreview(head) ? .preview : agent?.client ?? .unknown
    }

    private static let previewFields: [RequestHead.Field] = [.secPurpose, .purpose, .xPurpose, .xMoz]
    private static let previewWords = WordFinder(["prefetch", "prerender", "preview"])

    private static func isPreview(_ head: RequestHead) -> Bool {
        for field in previewFields {
            guard let value = head.range(of: field) else { continue }
            if previewWords.first(in: head.bytes.span.extracting(value)) != nil { return true }
        }
        return false
    }
}
