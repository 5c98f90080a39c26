import NIOHTTP2

extension HTTP2Connection {
    /// Whether an error has ended one stream alone: NIOHTTP2 has answered it with a reset of that stream, and the others go on.
    ///
    /// NIOHTTP2 tells such errors from those of the connection by the frame that it answers with, but not by what it reports.
    /// These are the ones that it raises for streams only: malformed messages (RFC 9113, section 8.1.1). Errors of states and of
    /// flow control can be either, and no visitor's browser makes them: they count as the connection's.
    static func concernsOneStream(_ error: any Error) -> Bool {
        switch error {
        case is NIOHTTP2Errors.StreamError, is NIOHTTP2Errors.TrailersWithoutEndStream: true
        case is NIOHTTP2Errors.EmptyPathHeader, is NIOHTTP2Errors.InvalidPseudoHeaders,
            is NIOHTTP2Errors.InvalidPseudoHeaderValue, is NIOHTTP2Errors.PseudoHeaderAfterRegularHeader,
            is NIOHTTP2Errors.UnknownPseudoHeader, is NIOHTTP2Errors.UnsupportedPseudoHeader,
            is NIOHTTP2Errors.DuplicatePseudoHeader:
            true
        case is NIOHTTP2Errors.ForbiddenHeaderField, is NIOHTTP2Errors.InvalidHTTP2HeaderFieldName,
            is NIOHTTP2Errors.InvalidHTTP2HeaderFieldValue:
            true
        case is NIOHTTP2Errors.ContentLengthViolated, is NIOHTTP2Errors.ContentLengthHeadersMismatch,
            is NIOHTTP2Errors.ContentLengthHeaderNegative, is NIOHTTP2Errors.ContentLengthHeaderMalformedValue:
            true
        default: false
        }
    }
}
