import NIOCore
import NIOSSL

/// The contexts that handshakes are made with: for each certificate one with modern suites and one for old clients.
/// Immutable; a change of certificates makes new ones. Resumption works within a context.
struct TLSContexts: Sendable {
    private struct Kind: Sendable {
        let modern: NIOSSLContext
        let older: NIOSSLContext
    }

    private let contexts: [CertificateKind: Kind]
    private let kinds: Set<CertificateKind>
    private let preferred: CertificateKind
    private let curve: CertificateCurve

    /// AEAD with forward secrecy. The server's hands are free here: all of them are good.
    private static let modernSuites = [
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
    ].joined(separator: ":")

    /// What Windows Server 2012 and 2012 R2 have when they cannot verify ECDSA: CBC, or RSA key exchange.
    private static let olderSuites = [
        "ECDHE-ECDSA-AES256-SHA", "ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES256-SHA", "ECDHE-RSA-AES128-SHA",
        "AES256-GCM-SHA384", "AES128-GCM-SHA256", "AES256-SHA", "AES128-SHA",
    ].joined(separator: ":")

    init(settings: TLSSettings, files: [[[UInt8]]], farewell: TimeAmount) throws(TLSError) {
        var contexts: [CertificateKind: Kind] = [:]
        var curve = CertificateCurve.p256
        for (pair, bytes) in zip(settings.pairs, files) {
            let files = try CertificateFiles(pair, bytes: bytes)
            guard contexts[files.kind] == nil else {
                throw TLSError(
                    description: "\(pair.certificatePath) is a second \(files.kind.rawValue.uppercased()) certificate: "
                        + "give one of each kind"
                )
            }
            contexts[files.kind] = Kind(
                modern: try Self.context(files, pair, settings, isModern: true, farewell: farewell),
                older: try Self.context(files, pair, settings, isModern: false, farewell: farewell)
            )
            if let own = files.curve { curve = own }
        }
        guard !contexts.isEmpty else {
            throw TLSError(description: "HTTPS needs a certificate: give --tls-certificate and --tls-key")
        }
        self.contexts = contexts
        kinds = Set(contexts.keys)
        self.curve = curve
        preferred = settings.preferred
    }

    func context(for hello: ClientHello) -> NIOSSLContext {
        let choice = CertificateChoice(for: hello, among: kinds, preferred: preferred, curve: curve)
        // There is at least one kind, and the choice is among those there are.
        let kind = contexts[choice.kind]!
        return choice.isModern ? kind.modern : kind.older
    }

    private static func context(
        _ files: CertificateFiles, _ pair: TLSSettings.Pair, _ settings: TLSSettings, isModern: Bool, farewell: TimeAmount
    ) throws(TLSError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: files.chain.map { .certificate($0) },
            privateKey: .privateKey(files.key)
        )
        configuration.minimumTLSVersion =
            switch settings.minimumVersion {
            case .tls10: .tlsv1
            case .tls12: .tlsv12
            case .tls13: .tlsv13
            }
        configuration.cipherSuites = isModern ? modernSuites : olderSuites
        configuration.curves = [.x25519, .secp256r1, .secp384r1]
        configuration.applicationProtocols = isModern ? ["h2", "http/1.1"] : ["http/1.1"]
        configuration.shutdownTimeout = farewell
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            // BoringSSL compares the key with the certificate when it is handed both.
            throw TLSError(
                description: "the key in \(pair.keyPath) does not fit the certificate in \(pair.certificatePath): "
                    + "give keys in the order of their certificates"
            )
        }
    }
}
