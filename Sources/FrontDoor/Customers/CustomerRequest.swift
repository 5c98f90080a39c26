import Attribution

/// What is asked below `/s/`, as it was sent: nothing of it is decoded or judged but the method.
package struct CustomerRequest: Equatable, Sendable {
    /// Behind `/s/`.
    package let path: [UInt8]
    /// Behind the first `?`.
    package let query: [UInt8]
    package let isPost: Bool
    /// The body of a form; nil for every other body, and without one. At most ``RequestLimits/bodyBytes``.
    package let form: [UInt8]?
    /// The value of Accept-Language, or its beginning; empty without.
    package let acceptLanguage: [UInt8]
    /// As much of the client's address as records may hold; empty for nothing of it.
    package let address: String

    /// Longer than any browser's: each tag of the list may have to be looked up.
    private static let acceptedBytes = 512

    /// nil for what is asked elsewhere.
    init?(_ request: SignupRequest) {
        guard let target = request.head.reserved else { return nil }
        path = Array(target.path)
        query = Array(target.query)
        isPost = request.head.methodBytes.elementsEqual("POST".utf8)
        form = isPost && request.head.hasFormType ? request.body : nil
        acceptLanguage = Array((request.head[.acceptLanguage] ?? []).prefix(Self.acceptedBytes))
        address = request.visitor?.recorded ?? ""
    }
}
