internal import COpenSSL

/// The certificate that the other side of a connection showed, as OpenSSL holds it.
struct CertificateReading: ~Copyable {
    private let certificate: OpaquePointer
    private let verification: Int32
    /// How many certificates the server sent, its own among them.
    private let chainLength: Int

    /// nil when the server showed none.
    init?(_ ssl: OpaquePointer) {
        guard let certificate = SSL_get1_peer_certificate(ssl) else { return nil }
        self.certificate = certificate
        verification = Int32(truncatingIfNeeded: SSL_get_verify_result(ssl))
        chainLength = SSL_get_peer_cert_chain(ssl).map { Int(porter_certificates_count($0)) } ?? 0
    }

    deinit {
        X509_free(certificate)
    }

    func certificate(for host: String) -> PeerCertificate {
        PeerCertificate(
            kind: kind, names: alternativeNames ?? commonName ?? "", fingerprint: fingerprint, chainProblem: chainProblem,
            namesHost: names(host))
    }

    private var kind: PeerCertificate.Kind {
        switch X509_get0_pubkey(certificate).map({ EVP_PKEY_get_base_id($0) }) {
        case EVP_PKEY_EC: .ecdsa
        case EVP_PKEY_RSA: .rsa
        default: .other
        }
    }

    /// The first thing that is wrong with the chain, as OpenSSL's verification stops there.
    private var chainProblem: PeerCertificate.ChainProblem? {
        switch verification {
        case X509_V_OK: nil
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: .selfSigned
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            chainLength == 1 ? .alone : .unknownAuthority
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT: .unknownAuthority
        case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID: .outOfDate
        default: .other(String(cString: X509_verify_cert_error_string(Int(verification))))
        }
    }

    private func names(_ host: String) -> Bool {
        switch X509_check_ip_asc(certificate, host, 0) {
        case 1: true
        case 0: false
        // No IP address.
        default: X509_check_host(certificate, host, host.utf8.count, 0, nil) == 1
        }
    }

    private var fingerprint: String {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard X509_digest(certificate, EVP_sha256(), &digest, &length) == 1 else { return "" }
        return digest.prefix(Int(length)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// `DNS:a.example.com, IP Address:192.0.2.1`; nil when there are none.
    private var alternativeNames: String? {
        let position = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1)
        guard position >= 0, let names = X509_get_ext(certificate, position), let text = BIO_new(BIO_s_mem()) else { return nil }
        defer { BIO_free(text) }
        guard X509V3_EXT_print(text, names, 0, 0) == 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(max(0, porter_bio_pending(text))))
        let count = BIO_read(text, &bytes, Int32(bytes.count))
        return count > 0 ? String(decoding: bytes.prefix(Int(count)), as: UTF8.self) : nil
    }

    private var commonName: String? {
        var bytes = [CChar](repeating: 0, count: 256)
        let count = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, &bytes, Int32(bytes.count))
        guard count > 0 else { return nil }
        return String(decoding: bytes.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
