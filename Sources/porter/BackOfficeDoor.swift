import BackOffice
import FrontDoor
import Logging

/// The back office as far as it could be opened.
struct BackOfficeDoor {
    let address: ListenAddress
    let certificate: DoorCertificate?
    private let running: OfficeServer.Running

    /// - Returns: nil when it is off; or when nobody asked for it and its usual address is taken: sign-ups matter more.
    /// - Throws: ``OfficeServer/Failure``, ``DoorCertificate/Failure``.
    static func open(_ configuration: ServeConfiguration, desks: Desks, logger: Logger) async throws -> BackOfficeDoor? {
        guard let address = configuration.backOffice else { return nil }
        do {
            // The first certificate will do: who works here has a browser of today.
            let certificate = try configuration.certificates.first.map {
                try DoorCertificate(chainPath: $0.certificatePath, keyPath: $0.keyPath)
            }
            let clients = ForwardedClient(trustedProxies: configuration.trustedProxies)
            let server = try OfficeServer(
                at: OfficeServer.Address(host: address.host, port: address.port), certificate: certificate, desks: desks,
                pageLibrary: try PageLibrary.load(folder: configuration.publicFolder + "/back-office"),
                peers: Peers(
                    client: clients.address(peer:forwardedFor:), isTrustedProxy: clients.trusts(peer:),
                    counted: clients.countedAddress(peer:)),
                logger: logger)
            let running = try await server.start()
            return BackOfficeDoor(
                address: ListenAddress(host: address.host, port: running.port),
                certificate: server.isSecure ? certificate : nil, running: running)
        } catch {
            guard configuration.backOfficeIsNamed else {
                logger.error("there is no back office, sign-ups are served", metadata: ["error": "\(error)"])
                return nil
            }
            throw error
        }
    }

    func shutdown() async { await running.shutdown() }
}
