/// The sizes beyond which a request is refused (DESIGN, "The request"). A sign-up URL has a few hundred bytes; these leave
/// room for every odd client that was seen, and bound what one request can cost.
package enum RequestLimits {
    /// Bytes of the request target; beyond it 414.
    package static let targetBytes = 8_192
    /// Bytes of the whole head; beyond it 431.
    package static let headBytes = 16_384
    /// Header fields; beyond it 431.
    package static let fields = 100
    /// Bytes of the body; beyond it 413.
    package static let bodyBytes = 8_192
    /// Parameters that query and form together may name; beyond it 400.
    package static let parameters = 100
}
