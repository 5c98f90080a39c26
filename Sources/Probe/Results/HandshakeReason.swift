internal import COpenSSL

/// Why a handshake failed.
package enum HandshakeReason: Hashable, Sendable {
    case noSharedSuite
    case version
    case notTLS
    case unknownName
    case internalError
    case closed
    /// OpenSSL's words for anything else.
    case other(String)

    /// In words for a person who knows their server but not OpenSSL.
    var inWords: String {
        switch self {
        case .noSharedSuite: "the server shares no cipher suite with this release, or no curve for one"
        case .version: "the server does not speak a TLS version of this release"
        case .notTLS: "the server does not speak TLS on that port"
        case .unknownName: "the server does not know the host name (SNI)"
        case .internalError: "the server gave up (internal error), as some do over a TLS version or a host name (SNI)"
        case .closed: "the server closed the connection while shaking hands (TLS)"
        case .other(let words): "TLS: " + words
        }
    }

    /// Out of OpenSSL's error queue: the thread's latest error; nil when there is none.
    static var last: HandshakeReason? {
        let code = ERR_peek_last_error()
        guard code != 0 else { return nil }
        // The reason alone; the numbers are those of <openssl/sslerr.h>.
        return known(ERR_GET_REASON(code)) ?? ERR_reason_error_string(code).map { .other(String(cString: $0)) }
    }

    private static func known(_ reason: Int32) -> HandshakeReason? {
        switch reason {
        case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, SSL_R_NO_SHARED_CIPHER, SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY: .noSharedSuite
        case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_WRONG_SSL_VERSION: .version
        case SSL_R_WRONG_VERSION_NUMBER, SSL_R_PACKET_LENGTH_TOO_LONG, SSL_R_HTTP_REQUEST: .notTLS
        case SSL_R_TLSV1_UNRECOGNIZED_NAME: .unknownName
        case SSL_R_TLSV1_ALERT_INTERNAL_ERROR: .internalError
        case SSL_R_UNEXPECTED_EOF_WHILE_READING: .closed
        default: nil
        }
    }
}
