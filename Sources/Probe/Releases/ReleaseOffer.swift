internal import COpenSSL

/// What a Windows release offers, set up in OpenSSL.
enum ReleaseOffer {
    /// A context for one connection; the caller frees it.
    static func context(for release: WindowsRelease) throws(ProbeFailure) -> OpaquePointer {
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw .setup("no client method") }
        // OpenSSL's own judgement of what is too weak must not change what the release would offer.
        SSL_CTX_set_security_level(context, 0)
        porter_ssl_ctx_behave_as_schannel(context)
        if !release.hasSessionTickets { porter_ssl_ctx_set_no_ticket(context) }
        let greatest = release.greatestVersion == .tls10 ? TLS1_VERSION : TLS1_2_VERSION
        // Unknown names in the list are passed over; only a list without a known one fails.
        guard porter_ssl_ctx_set_min_proto_version(context, TLS1_VERSION) == 1,
            porter_ssl_ctx_set_max_proto_version(context, greatest) == 1,
            SSL_CTX_set_cipher_list(context, release.cipherList) == 1,
            porter_ssl_ctx_set1_groups_list(context, WindowsRelease.groups) == 1,
            sign(context, by: known(release.signatureAlgorithms, in: context)),
            announce(release.applicationProtocols, in: context)
        else {
            SSL_CTX_free(context)
            throw .setup("versions, suites, groups or signatures of \(release.name)")
        }
        // Verification is told, not enforced: see PeerCertificate.
        SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nil)
        SSL_CTX_set_default_verify_paths(context)
        return context
    }

    private static func sign(_ context: OpaquePointer, by algorithms: [String]) -> Bool {
        // None given: a release without the extension.
        algorithms.isEmpty || porter_ssl_ctx_set1_sigalgs_list(context, algorithms.joined(separator: ":")) == 1
    }

    /// Those that this OpenSSL knows: unlike a list of suites, a list of algorithms with an unknown one is refused as a whole.
    private static func known(_ algorithms: [String], in context: OpaquePointer) -> [String] {
        algorithms.filter { porter_ssl_ctx_set1_sigalgs_list(context, $0) == 1 }
    }

    private static func announce(_ protocols: [String], in context: OpaquePointer) -> Bool {
        guard !protocols.isEmpty else { return true }
        let list = protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        // Other than the rest of OpenSSL, this one answers 0 when it succeeds.
        return SSL_CTX_set_alpn_protos(context, list, UInt32(list.count)) == 0
    }

    // MARK: What is missing

    /// What the release offers and this OpenSSL can't, by OpenSSL's names: suites, then signature algorithms.
    static func notSent(by release: WindowsRelease) throws(ProbeFailure) -> [String] {
        let context = try context(for: release)
        defer { SSL_CTX_free(context) }
        guard let ssl = SSL_new(context) else { throw .setup("no memory") }
        defer { SSL_free(ssl) }
        var sent: Set<String> = []
        // Not the list that was set: this one leaves out what the versions, the signatures or the build rule out.
        if let ciphers = SSL_get1_supported_ciphers(ssl) {
            defer { porter_ciphers_free(ciphers) }
            for index in 0..<porter_ciphers_count(ciphers) {
                sent.insert(canonical(String(cString: SSL_CIPHER_get_name(porter_ciphers_at(ciphers, index)))))
            }
        }
        let suites = release.cipherList.split(separator: ":").map(String.init)
        let algorithms = Set(known(release.signatureAlgorithms, in: context))
        return suites.filter { !sent.contains(canonical($0)) } + release.signatureAlgorithms.filter { !algorithms.contains($0) }
    }

    /// OpenSSL takes `EDH-` for `DHE-`, and answers with the latter.
    private static func canonical(_ suite: String) -> String {
        suite.hasPrefix("EDH-") ? "DHE-" + suite.dropFirst(4) : suite
    }

    /// The version of the OpenSSL at hand, such as `3.0.19`.
    static var openSSLVersion: String { String(cString: OpenSSL_version(OPENSSL_VERSION_STRING)) }
}

extension WindowsRelease {
    /// What this release offers and the OpenSSL at hand can't send, by OpenSSL's names: Debian's is built without 3DES. A server
    /// that has nothing else for the release would be told to fail here, and not by the release itself.
    package var notSent: [String] {
        // Without a context nothing can be sent; each connection then says so.
        (try? ReleaseOffer.notSent(by: self)) ?? []
    }
}
