internal import COpenSSL

/// The session that a probe asks to resume, though nobody has it: a sign by which Porter knows a probe's handshake, so that one that
/// fails is not told as a sign-up that may be lost. Other servers find no such session, and shake hands as with anybody.
enum ProbeSession {
    /// Shorter than the 32 bytes that there may be (RFC 5246, section 7.4.1.2): a ClientHello of 256 to 511 bytes, which long host
    /// names and more bytes here would make, hangs some old load balancers (RFC 7685, section 1).
    private static let id = Array("porter-probe".utf8)

    static func offer(by ssl: OpaquePointer) {
        guard let session = SSL_SESSION_new() else { return }
        defer { SSL_SESSION_free(session) }
        // A version that each release offers: OpenSSL sends no session ID of another.
        guard SSL_SESSION_set1_id(session, id, UInt32(id.count)) == 1,
            SSL_SESSION_set_protocol_version(session, TLS1_VERSION) == 1
        else { return }
        // Without it, the handshake is as good, and only not known for what it is.
        _ = SSL_set_session(ssl, session)
    }
}
