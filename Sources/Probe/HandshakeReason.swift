internal import COpenSSL

/// Why a handshake failed, out of OpenSSL's error queue, in words for a person who knows their server but not OpenSSL.
enum HandshakeReason {
    /// The thread's latest error; nil when there is none.
    static var last: String? {
        let code = ERR_peek_last_error()
        guard code != 0 else { return nil }
        // The reason alone; the numbers are those of <openssl/sslerr.h>.
        return words(for: ERR_GET_REASON(code)) ?? ERR_reason_error_string(code).map { "TLS: " + String(cString: $0) }
    }

    private static func words(for reason: Int32) -> String? {
        switch reason {
        case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE, SSL_R_NO_SHARED_CIPHER, SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY:
            "the server shares no cipher suite with this release, or no curve for one"
        case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_WRONG_SSL_VERSION:
            "the server does not speak a TLS version of this release"
        case SSL_R_WRONG_VERSION_NUMBER, SSL_R_PACKET_LENGTH_TOO_LONG, SSL_R_HTTP_REQUEST:
            "the server does not speak TLS on that port"
        case SSL_R_TLSV1_UNRECOGNIZED_NAME:
            "the server does not know the host name (SNI)"
        case SSL_R_UNEXPECTED_EOF_WHILE_READING:
            "the server closed the connection while shaking hands (TLS)"
        default: nil
        }
    }
}
