import ArgumentParser
import Probe

/// `porter probe`: whether each Windows release reaches a gateway.
struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Connect to a gateway as each Windows release would, and say which can sign up.",
        discussion: """
            porter probe gateway.example.com
            porter probe 127.0.0.1:8443 --path '/smallbiztry.html?Partner=1234567'

            Offers what each release's Schannel offers (versions, cipher suites, curves), asks for --path with that \
            release's Internet Explorer 11 user agent and Porter-Test: 1, which keeps the request out of the visits, and \
            prints what was agreed on and answered. A release can sign up when it is answered with a redirect. A \
            certificate that can't be verified is told and does no harm here.

            Windows Server 2012 without its updates speaks TLS 1.0 only. A gateway's default floor is 1.2, so that row does \
            not count against the exit status unless --require-tls10 is given.
            Exit status: 0 every release that counts can sign up, 1 one can't.
            """)

    @Argument(
        help: ArgumentHelp("The gateway; the port is 443 unless given. IPv6 addresses in brackets.", valueName: "host[:port]"))
    var target: String

    @Option(help: ArgumentHelp("The path to ask for, with a query if you like.", valueName: "path"))
    var path = Probe.defaultPath

    @Option(help: ArgumentHelp("Seconds that each release may take.", valueName: "seconds"))
    var timeout = 10

    @Flag(name: .customLong("require-tls10"), help: "Let the TLS 1.0 row count: for gateways with --minimum-tls 1.0.")
    var requireTLS10 = false

    @Flag(help: "Print a JSON array with one object per release.")
    var json = false

    func validate() throws {
        guard ProbeTarget(target) != nil else {
            throw ValidationError("'\(target)' is not HOST or HOST:PORT.")
        }
        guard Probe.isPath(path) else { throw ValidationError("--path must begin with / and hold no spaces.") }
        guard (1...300).contains(timeout) else { throw ValidationError("--timeout must be 1 to 300 seconds.") }
    }

    func run() async throws {
        guard let target = ProbeTarget(target) else { return }
        let probe = Probe(target: target, path: path, timeout: .seconds(timeout))
        var rows: [ProbeRow] = []
        for release in WindowsRelease.all {
            let counts = requireTLS10 || release.greatestVersion != .tls10
            let row = ProbeRow(result: probe.run(as: release), counts: counts)
            rows.append(row)
            // Each as it comes: four that time out would keep a person waiting in silence.
            if !json { print(row.text) }
        }
        if json { print(ProbeRow.json(rows)) }
        if rows.contains(where: \.isFailure) { throw ExitCode(CommandFailure.answerIsNo) }
    }
}
