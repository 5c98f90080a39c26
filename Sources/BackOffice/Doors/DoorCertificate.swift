import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOSSL

/// The certificate that the back office shows, read anew when it was renewed: connections made from then on get the new one.
package final class DoorCertificate: Sendable {
    /// Why the files can't be used: what, where, what to do.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private struct Pair: Sendable {
        let chain: [NIOSSLCertificateSource]
        let key: NIOSSLPrivateKeySource
        /// What it was read from.
        let files: Files
    }

    private struct Files: Equatable {
        let chain: [UInt8]
        let key: [UInt8]
    }

    private let chainPath: String
    private let keyPath: String
    private let current: NIOLockedValueBox<Pair>

    /// - Throws: ``Failure``.
    package init(chainPath: String, keyPath: String) throws {
        self.chainPath = chainPath
        self.keyPath = keyPath
        current = NIOLockedValueBox(try Self.pair(of: Self.files(chainPath, keyPath), chainPath, keyPath))
    }

    /// Reads the files again; what was shown stays when they can't be used.
    ///
    /// - Returns: whether they had changed.
    /// - Throws: ``Failure``.
    package func reload() throws -> Bool {
        let files = try Self.files(chainPath, keyPath)
        guard current.withLockedValue({ $0.files != files }) else { return false }
        let pair = try Self.pair(of: files, chainPath, keyPath)
        current.withLockedValue { $0 = pair }
        return true
    }

    /// Where the chain was read.
    package var path: String { chainPath }

    /// The server's own certificate as it is shown now, in DER.
    package var ownDER: [UInt8]? {
        guard case .certificate(let certificate)? = current.withLockedValue({ $0.chain.first }) else { return nil }
        return try? certificate.toDERBytes()
    }

    private static func files(_ chainPath: String, _ keyPath: String) throws -> Files {
        func read(_ path: String) throws -> [UInt8] {
            guard let bytes = FileManager.default.contents(atPath: path) else {
                throw Failure(description: "the back office can't read \(path); check that it is there and may be read")
            }
            return Array(bytes)
        }
        return Files(chain: try read(chainPath), key: try read(keyPath))
    }

    private static func pair(of files: Files, _ chainPath: String, _ keyPath: String) throws -> Pair {
        do {
            let chain = try NIOSSLCertificate.fromPEMBytes(files.chain).map { NIOSSLCertificateSource.certificate($0) }
            let key = NIOSSLPrivateKeySource.privateKey(try NIOSSLPrivateKey(bytes: files.key, format: .pem))
            // Whether they belong together shows when a context is made of them.
            _ = try NIOSSLContext(configuration: .makeServerConfiguration(certificateChain: chain, privateKey: key))
            return Pair(chain: chain, key: key, files: files)
        } catch {
            throw Failure(
                description: "the back office can't use \(chainPath) with \(keyPath): \(error); give a PEM chain and its key")
        }
    }

    /// TLS 1.2 and 1.3: who works here has a browser of today.
    func configuration() -> TLSConfiguration {
        let pair = current.withLockedValue { $0 }
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: pair.chain, privateKey: pair.key)
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        // A client that does not answer the farewell is not waited for when the server ends.
        configuration.shutdownTimeout = .milliseconds(500)
        configuration.sslContextCallback = { [current] _, promise in
            let pair = current.withLockedValue { $0 }
            var override = NIOSSLContextConfigurationOverride()
            override.certificateChain = pair.chain
            override.privateKey = pair.key
            promise.succeed(override)
        }
        return configuration
    }
}
