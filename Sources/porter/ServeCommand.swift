import ArgumentParser
import BackOffice
import CoreMetrics
import Logging
import UnixSignals

/// `porter serve`: the server.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Answer sign-ups.",
        discussion: """
            porter serve --data var --routes routes
            porter serve --https 0.0.0.0:443 --http 0.0.0.0:80 --tls-certificate chain.pem --tls-key key.pem

            Each sign-up is recorded, and the record synced to disk, before it is redirected. Each option can also be an \
            environment variable (PORTER_MINIMUM_TLS=1.0) or a key of porter.yaml (minimum-tls: 1.0).

            SIGHUP reads routes and certificates again; both are also looked at every second. SIGTERM stops accepting, \
            answers what is in flight, and exits with 0.
            """)

    @OptionGroup var options: ServeOptions

    func run() async throws {
        let configuration = try await ServeConfiguration(options)
        StandardStream.outliveReaders()
        let level = configuration.logLevel
        LoggingSystem.bootstrap { _ in LineLogHandler(logLevel: level) }
        let register = MetricsRegister(ReloadMetrics.descriptions + OfficeServer.metrics)
        MetricsSystem.bootstrap(register)
        // Before anything is opened: whoever stops a server that is just starting means it to end in good order.
        let signals = await UnixSignalsSequence(trapping: .sighup, .sigterm, .sigint)
        try await Service.start(configuration, register: register).run(until: signals)
    }
}
