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
            socket: try Socket(to: target, by: deadline), context: try ReleaseOffer.context(for: release))
        // SNI has no place for IP addresses (RFC 6066, section 3).
        if !target.isAddress { _ = porter_ssl_set_tlsext_host_name(connection.ssl, target.host) }
        ProbeSession.offer(by: connection.ssl)
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

    // MARK: Handshake

    private func handshake(by deadline: Deadline) throws(ProbeFailure) {
        while true {
            ERR_clear_error()
            let result = SSL_do_handshake(ssl)
            if result == 1 {
                try flush(during: .handshake, by: deadline)
                return
            }
            guard SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ else {
                let reason = HandshakeReason.last
                // An alert of ours is worth sending, though not worth another failure.
                try? flush(during: .handshake, by: deadline)
                throw reason.map { ProbeFailure.handshake($0) } ?? .closed(.handshake)
            }
            try flush(during: .handshake, by: deadline)
            guard try fill(during: .handshake, by: deadline) else { throw .closed(.handshake) }
        }
    }

    /// What was agreed on.
    ///
    /// - Parameter host: whom the certificate should name.
    func agreement(with host: String) -> ProbeResult.Agreement {
        ProbeResult.Agreement(
            version: String(cString: SSL_get_version(ssl)),
            suite: String(cString: SSL_CIPHER_get_name(SSL_get_current_cipher(ssl))),
            applicationProtocol: applicationProtocol,
            certificate: certificate(for: host)
        )
    }

    private func certificate(for host: String) -> PeerCertificate? {
        guard let reading = CertificateReading(ssl) else { return nil }
        return reading.certificate(for: host)
    }

    private var applicationProtocol: String? {
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &length)
        guard let name, length > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
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
