import NIOCore
import Synchronization

/// The server's certificates, reread when their files change.
final class TLSIdentities: Sendable {
    private let settings: TLSSettings
    private let farewell: TimeAmount
    /// What the files held when the present contexts were made. Locked, since reloads may come from anywhere; handshakes don't
    /// look here.
    private let present: Mutex<[[[UInt8]]]>

    /// - Returns: the identities, and the first contexts.
    static func load(_ settings: TLSSettings, farewell: TimeAmount) throws(TLSError) -> (TLSIdentities, TLSContexts) {
        let files = try read(settings)
        let contexts = try TLSContexts(settings: settings, files: files, farewell: farewell)
        return (TLSIdentities(settings: settings, farewell: farewell, files: files), contexts)
    }

    private init(settings: TLSSettings, farewell: TimeAmount, files: [[[UInt8]]]) {
        self.settings = settings
        self.farewell = farewell
        present = Mutex(files)
    }

    /// New contexts when the files have changed; nil when they have not, so that sessions can still be resumed.
    ///
    /// - Throws: when what the files hold now cannot be used; the present contexts then stay.
    func reload() throws(TLSError) -> TLSContexts? {
        let files = try Self.read(settings)
        guard present.withLock({ $0 != files }) else { return nil }
        let contexts = try TLSContexts(settings: settings, files: files, farewell: farewell)
        present.withLock { $0 = files }
        return contexts
    }

    /// What is shown now, and where it was read.
    var certificates: [(path: String, certificate: ServedCertificate)] {
        let files = present.withLock { $0 }
        return zip(settings.pairs, files).compactMap { pair, bytes in
            bytes.first.flatMap(ServedCertificate.init(pem:)).map { (pair.certificatePath, $0) }
        }
    }

    private static func read(_ settings: TLSSettings) throws(TLSError) -> [[[UInt8]]] {
        var files: [[[UInt8]]] = []
        for pair in settings.pairs { files.append(try CertificateFiles.bytes(of: pair)) }
        return files
    }
}
