import ArgumentParser

/// What `porter serve` can be told. Each option can also be an environment variable or a key of porter.yaml.
struct ServeOptions: ParsableArguments {
    @OptionGroup var folder: DataFolderOptions

    @Option(help: ArgumentHelp("The folder of route files. (default: routes)", valueName: "dir"))
    var routes: String?

    @Option(
        name: .customLong("public"),
        help: ArgumentHelp("The folder of pages and static files. (default: Public)", valueName: "dir"))
    var publicFolder: String?

    @Option(help: ArgumentHelp("Where to answer HTTPS. (default: 0.0.0.0:8443)", valueName: "host:port|off"))
    var https: String?

    @Option(help: ArgumentHelp("Where to answer plain HTTP. (default: 0.0.0.0:8080)", valueName: "host:port|off"))
    var http: String?

    @Option(help: ArgumentHelp("Where the back office answers. (default: 127.0.0.1:8090)", valueName: "host:port|off"))
    var backOffice: String?

    @Option(
        name: .customLong("tls-certificate"),
        help: ArgumentHelp(
            "A certificate chain in PEM; repeatable: one ECDSA P-256 and one RSA serve every client.",
            discussion: "Without any, a self-signed pair is made in the data folder.", valueName: "file"))
    var tlsCertificates: [String] = []

    @Option(
        name: .customLong("tls-key"),
        help: ArgumentHelp("The key of the certificate at the same place; repeatable.", valueName: "file"))
    var tlsKeys: [String] = []

    @Option(help: ArgumentHelp("Which certificate a client gets that can verify both. (default: ecdsa)", valueName: "ecdsa|rsa"))
    var preferCertificate: String?

    @Option(
        name: .customLong("minimum-tls"),
        help: ArgumentHelp(
            "The lowest protocol version. (default: 1.2; 1.0 is for unpatched Server 2012)", valueName: "1.0|1.2|1.3"))
    var minimumTLS: String?

    @Option(
        name: .customLong("trusted-proxy"),
        help: ArgumentHelp("Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed; repeatable.", valueName: "cidr"))
    var trustedProxies: [String] = []

    @Option(
        name: .customLong("host"),
        help: ArgumentHelp(
            "A host name of yours, which records may hold and the self-signed pair names; repeatable.", valueName: "name"))
    var hosts: [String] = []

    @Option(help: ArgumentHelp("This node's name in its records. (default: main)", valueName: "name"))
    var node: String?

    @Option(
        name: .customLong("record-ip"),
        help: ArgumentHelp(
            "How much of a visitor's address is recorded. (default: truncated, /24 or /48)", valueName: "full|truncated|none"))
    var recordIP: String?

    @Option(
        name: .customLong("privacy-url"),
        help: ArgumentHelp(
            "Where you say what is done with visitors' data: error pages link to it. (default: no link)", valueName: "url"))
    var privacyURL: String?

    @Option(
        help: ArgumentHelp(
            "How old a sign-up may be that a subscription comes of. (default: 90)", valueName: "days"))
    var receiptDays: String?

    @Option(
        help: ArgumentHelp(
            "Whom mail to partners comes from; without it, none is sent.",
            discussion: "Partners are told when they become partner of record of a subscription, and when they no longer are.",
            valueName: "address|name <address>"))
    var mailFrom: String?

    @Option(help: ArgumentHelp("Where answers to that mail go. (default: they are not asked for)", valueName: "address"))
    var mailReplyTo: String?

    @Option(
        help: ArgumentHelp(
            "The mail system's program that takes messages. (default: /usr/sbin/sendmail)",
            discussion: "It is run with -t -i -f ADDRESS, as postfix, msmtp and opensmtpd take it.", valueName: "path"))
    var sendmail: String?

    @Option(
        help: ArgumentHelp(
            "The least level of log lines. (default: info)", valueName: "trace|debug|info|notice|warning|error|critical"))
    var logLevel: String?

    @Flag(name: .customLong("print-signups"), help: "Print each sign-up as one line on standard output.")
    var printsSignups = false
}
