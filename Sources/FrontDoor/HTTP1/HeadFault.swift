/// Why the front door refuses a message before anybody can judge it. After each of these the connection ends, since nobody
/// knows where the next request would begin.
package enum HeadFault: Equatable, Sendable {
    /// 400, with the reason for a person who reads the answer.
    case malformed(Malformation)
    /// 408: the head or the body did not come in time.
    case tooSlow
    /// 413
    case bodyTooLarge
    /// 414
    case targetTooLong
    /// 417: an expectation other than `100-continue`.
    case expectation
    /// 431
    case headTooLarge
    /// 501: a transfer coding other than `chunked`.
    case transferCoding
    /// 505: neither HTTP/1.0 nor HTTP/1.1.
    case version

    package enum Malformation: String, Sendable {
        case requestLine = "the request line is not a method, a target and a version with one space between each"
        case method = "the method is not a token"
        case target = "the target holds a control character or a space"
        case lineEnd = "a line does not end with CR LF"
        case fieldName = "a field name is not a token followed by a colon"
        case fieldValue = "a field value holds a control character"
        case foldedField = "a field is folded over several lines"
        case severalHosts = "the request has more than one Host"
        case contentLength = "Content-Length is not one number"
        case ambiguousLength = "the request has both Content-Length and Transfer-Encoding"
        case chunk = "a chunk of the body is malformed"
        case plainHTTPOnTLS = "this port speaks HTTPS: use an https address"
    }

    var status: Int {
        switch self {
        case .malformed: 400
        case .tooSlow: 408
        case .bodyTooLarge: 413
        case .targetTooLong: 414
        case .expectation: 417
        case .headTooLarge: 431
        case .transferCoding: 501
        case .version: 505
        }
    }
}
