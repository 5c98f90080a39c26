internal import COpenSSL

/// A TLS connection through OpenSSL, as a Windows release would make it.
///
/// OpenSSL reads from and writes to memory; the socket's waits and deadlines are ours.
struct TLSConnection: ~Copyable {
    private let socket: Socket
    private let context: OpaquePointer
    private let ssl: OpaquePointer
    /// Both belong to ``ssl``.
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer

    /// Connects and shakes hands.
    static func open(
        to target: ProbeTarget, as release: WindowsRelease, by deadline: Deadline
    ) throws(ProbeFailure) -> TLSConnection {
        let connection = TLSConnection(
            socket: try Socket(to: target, by: deadline), context: try context(for: release))
        name(target.host, on: connection.ssl)
        try connection.handshake(by: deadline)
        return connection
    }

    private init(socket: consuming Socket, context: OpaquePointer) {
        guard let ssl = SSL_new(context), let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem()) else {
            preconditionFailure("OpenSSL gives no memory for a connection")
        }
        SSL_set_bio(ssl, incoming, outgoing)
        SSL_set_connect_state(ssl)
        self.socket = socket
        self.context = context
        self.ssl = ssl
        self.incoming = incoming
        self.outgoing = outgoing
    }

    deinit {
        SSL_free(ssl)
        SSL_CTX_free(context)
    }

    // MARK: Setting up

    private static func context(for release: WindowsRelease) throws(ProbeFailure) -> OpaquePointer {
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw .setup("no client method") }
        // OpenSSL's own judgement of what is too weak must not change what the release would offer.
        SSL_CTX_set_security_level(context, 0)
        let greatest = release.greatestVersion == .tls10 ? TLS1_VERSION : TLS1_2_VERSION
        // Unknown names in the list are passed over; only a list without a known one fails.
        guard porter_ssl_ctx_set_min_proto_version(context, TLS1_VERSION) == 1,
            porter_ssl_ctx_set_max_proto_version(context, greatest) == 1,
            SSL_CTX_set_cipher_list(context, release.cipherList) == 1,
            porter_ssl_ctx_set1_groups_list(context, WindowsRelease.groups) == 1
        else {
            SSL_CTX_free(context)
            throw .setup("versions, suites or groups of \(release.name)")
        }
        // Verification is told, not enforced: see ProbeResult.Agreement.
        SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nil)
        SSL_CTX_set_default_verify_paths(context)
        return context
    }

    /// Says which host is meant, to the server (SNI has no place for IP addresses, RFC 6066, section 3) and to the check of
    /// the certificate.
    private static func name(_ host: String, on ssl: OpaquePointer) {
        if X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host) != 1 {
            _ = porter_ssl_set_tlsext_host_name(ssl, host)
            SSL_set1_host(ssl, host)
        }
    }

    // MARK: Handshake

    private func handshake(by deadline: Deadline) throws(ProbeFailure) {
        while true {
            ERR_clear_error()
            let result = SSL_do_handshake(ssl)
            if result == 1 {
                try flush(during: .handshake, by: deadline)
                return
            }
            let error = SSL_get_error(ssl, result)
            let reason = error == SSL_ERROR_WANT_READ ? nil : HandshakeReason.last
            // An alert of ours is worth sending, though not worth another failure.
            if reason != nil {
                try? flush(during: .handshake, by: deadline)
                throw .handshake(reason ?? "")
            }
            guard error == SSL_ERROR_WANT_READ else { throw .closed(.handshake) }
            try flush(during: .handshake, by: deadline)
            guard try fill(during: .handshake, by: deadline) else { throw .closed(.handshake) }
        }
    }

    /// What was agreed on.
    func agreement() -> ProbeResult.Agreement {
        let verified = SSL_get_verify_result(ssl)
        return ProbeResult.Agreement(
            version: String(cString: SSL_get_version(ssl)),
            suite: String(cString: SSL_CIPHER_get_name(SSL_get_current_cipher(ssl))),
            certificate: certificateKind(),
            certificateProblem: verified == Int(X509_V_OK) ? nil : String(cString: X509_verify_cert_error_string(verified))
        )
    }

    private func certificateKind() -> ProbeResult.CertificateKind {
        guard let certificate = SSL_get1_peer_certificate(ssl) else { return .other }
        defer { X509_free(certificate) }
        return switch X509_get0_pubkey(certificate).map({ EVP_PKEY_get_base_id($0) }) {
        case EVP_PKEY_EC: .ecdsa
        case EVP_PKEY_RSA: .rsa
        default: .other
        }
    }

    // MARK: Data

    /// Sends a request and reads until `isComplete` says so, the server closes, or `limit` bytes have come.
    func exchange(
        _ request: [UInt8], limit: Int, by deadline: Deadline, isComplete: ([UInt8]) -> Bool
    ) throws(ProbeFailure) -> [UInt8] {
        guard SSL_write(ssl, request, Int32(request.count)) == Int32(request.count) else { throw .closed(.answer) }
        try flush(during: .answer, by: deadline)
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while answer.count < limit, !isComplete(answer) {
            let got = SSL_read(ssl, &buffer, Int32(buffer.count))
            if got > 0 {
                answer += buffer.prefix(Int(got))
                continue
            }
            guard SSL_get_error(ssl, got) == SSL_ERROR_WANT_READ else { break }
            try flush(during: .answer, by: deadline)
            guard try fill(during: .answer, by: deadline) else { break }
        }
        return answer
    }

    /// Sends what OpenSSL has written.
    private func flush(during stage: ProbeFailure.Stage, by deadline: Deadline) throws(ProbeFailure) {
        let pending = porter_bio_pending(outgoing)
        guard pending > 0 else { return }
        var bytes = [UInt8](repeating: 0, count: Int(pending))
        let got = BIO_read(outgoing, &bytes, pending)
        try socket.send(Array(bytes.prefix(Int(max(0, got)))), during: stage, by: deadline)
    }

    /// Gives OpenSSL what has come; false when the server has closed.
    private func fill(during stage: ProbeFailure.Stage, by deadline: Deadline) throws(ProbeFailure) -> Bool {
        let bytes = try socket.receive(during: stage, by: deadline)
        guard !bytes.isEmpty else { return false }
        BIO_write(incoming, bytes, Int32(bytes.count))
        return true
    }
}
