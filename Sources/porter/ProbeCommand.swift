import ArgumentParser
import Glibc
import Probe

/// `porter probe`: whether each Windows release reaches a gateway.
struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Connect to a gateway as each Windows release would, and say which can sign up, and what to change.",
        discussion: """
            porter probe gateway.example.com
            porter probe 127.0.0.1:8443 --http-port 8080
            porter probe gateway.example.com --path '/p/1234567/enterprise/trial'

            Works against any server. Offers what each release's Schannel offers (versions, cipher suites, curves, signature \
            algorithms, ALPN, server name), asks for each of the module's four documented paths with that release's Internet \
            Explorer 11 user agent, and without TLS, too. Porter-Test: 1 goes with each request, and the session ID \
            porter-probe with each handshake: at Porter a request is a test, which is no visit, and a handshake that fails is \
            no lost sign-up. What the OpenSSL at hand can't offer, 3DES for one, is named below the table.

            A release can sign up when every path is answered with a redirect that its browser follows, to another http or \
            https address. A certificate that can't be verified with this machine's authorities, or does not name the host, is \
            told; with --require-trust it keeps everyone out, as browsers do.

            Windows Server 2012 without its updates speaks TLS 1.0 only. A gateway's default floor is 1.2, so that row does not \
            count against the exit status unless --require-tls10 is given. Plain HTTP is asked on port 80 when HOST is given \
            without a port, and on the port that --http-port names; only then does it count.
            Exit status: 0 everything that counts leads to the sign-up page, 1 something does not.
            """)

    @Argument(
        help: ArgumentHelp("The gateway; the port is 443 unless given. IPv6 addresses in brackets.", valueName: "host[:port]"))
    var target: String

    @Option(
        name: .customLong("path"),
        help: ArgumentHelp(
            "A path to ask for in place of the four documented ones, with a query if you like; can be repeated.",
            valueName: "path"))
    var paths: [String] = []

    @Option(name: .customLong("http-port"), help: ArgumentHelp("The port for plain HTTP, which counts then.", valueName: "port"))
    var httpPort: Int?

    @Option(help: ArgumentHelp("Seconds that each connection may take.", valueName: "seconds"))
    var timeout = 10

    @Flag(name: .customLong("require-tls10"), help: "Let the TLS 1.0 row count: for gateways with --minimum-tls 1.0.")
    var requireTLS10 = false

    @Flag(help: "Let nobody sign up whose browser would not trust the certificate, by this machine's authorities.")
    var requireTrust = false

    @Flag(help: "Print a JSON array with one object per release, and one for plain HTTP when it was asked.")
    var json = false

    /// A survey that takes no longer says nothing of its progress.
    private static let patience = Duration.seconds(2)

    func validate() throws {
        guard ProbeTarget(target) != nil else {
            throw ValidationError("'\(target)' is not HOST or HOST:PORT.")
        }
        guard paths.allSatisfy(Probe.isPath) else {
            throw ValidationError("--path must begin with /, hold no spaces, and be at most 8 KiB long.")
        }
        if let httpPort, !(1...65_535).contains(httpPort) { throw ValidationError("--http-port must be 1 to 65535.") }
        guard (1...300).contains(timeout) else { throw ValidationError("--timeout must be 1 to 300 seconds.") }
    }

    func run() async throws {
        guard let target = ProbeTarget(target) else { return }
        // Who names a port means that server; what listens on port 80 beside it is another one's business.
        let plainPort = httpPort ?? (target.isPortGiven ? nil : ProbeTarget.defaultPlainPort)
        let survey = Survey(
            target: target, plainPort: plainPort, paths: paths.isEmpty ? Probe.documentedPaths : paths,
            timeout: .seconds(timeout), requiresTLS10: requireTLS10, requiresPlain: httpPort != nil, requiresTrust: requireTrust)
        let report = survey.run(progress: Self.teller(of: target.host))
        print(json ? ProbeDocument(report: report).json : report.lines.joined(separator: "\n"))
        if !report.isGood { throw ExitCode(CommandFailure.answerIsNo) }
    }

    /// Says on standard error whom the survey connects as: to a person at once, else when it takes long.
    private static func teller(of host: String) -> (String) -> Void {
        let start = ContinuousClock.now
        let isTerminal = isatty(STDERR_FILENO) == 1
        return { name in
            guard isTerminal || ContinuousClock.now - start > patience else { return }
            StandardStream.error.write("probing \(host): \(name) …\n")
        }
    }
}
