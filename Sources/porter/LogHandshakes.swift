import ArgumentParser
import Attribution
import BackOffice
import Ledger

/// `porter log handshakes`
struct LogHandshakes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handshakes",
        abstract: "Show the TLS handshakes that failed: sign-ups that may have been lost before they could ask for anything.",
        discussion: """
            One line for each reason, greatest TLS version, host and Windows release that the clients seem to be, the most frequent \
            first; below the table stands what would help. There are no records of these. A server writes them down every few \
            seconds.
            """
    )

    @OptionGroup var folder: DataFolderOptions

    @Option(help: ArgumentHelp("From this day (UTC) on.", valueName: "day"))
    var since: String?

    @Option(help: ArgumentHelp("To the end of this day (UTC).", valueName: "day"))
    var until: String?

    @Flag(help: "Only those that may have been sign-ups: no scanners.")
    var signups = false

    @Option(help: ArgumentHelp("At most so many lines.", valueName: "count"))
    var limit = 100

    @Flag(help: "Print a JSON array, one object for each line of the table.")
    var json = false

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit is how many lines to print, 1 or more.") }
    }

    func run() async throws {
        let first = try Self.day(since, "since") ?? CalendarDay(year: 0, month: 1, day: 1)
        let last = try Self.day(until, "until") ?? CalendarDay(year: 9_999, month: 12, day: 31)
        let reader = try LedgerReader.open(folder: try await folder.dataPath())
        let found = try reader.failedHandshakes(from: first, through: last, mayBeSignups: signups, limit: limit)
        let handshakes = found.map { HandshakeDocument($0) }
        if json { return try PartnerConsole.printJSON(handshakes) }
        var output = LogOutput.standardOutput
        for line in HandshakeTable(handshakes).lines { try output.line(line) }
        try output.flush()
    }

    private static func day(_ text: String?, _ name: String) throws -> CalendarDay? {
        guard let text else { return nil }
        guard let day = CalendarDay(text) else {
            throw CommandFailure(
                QuestionFault(name, "is \"\(TerminalText.escaped(text))\", expected a day such as 2016-10-03"))
        }
        return day
    }
}

/// Failed handshakes in a terminal.
struct HandshakeTable {
    let lines: [String]

    private static let header = ["connections", "reason", "tls", "like", "server name", "first", "last", "mend"]

    init(_ handshakes: [HandshakeDocument]) {
        guard !handshakes.isEmpty else {
            lines = ["no handshake failed in these days"]
            return
        }
        let rows = [Self.header] + handshakes.map(Self.row)
        let widths = Self.header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let table = rows.map { row in
            row.enumerated().map { column, text in
                let gap = String(repeating: " ", count: widths[column] - text.count)
                return column == 0 ? gap + text : column == row.count - 1 ? text : text + gap
            }.joined(separator: "  ")
        }
        let mends = HandshakeMend.allCases.filter { mend in handshakes.contains { $0.mend == mend.rawValue } }
        lines = table + mends.map { "\($0.rawValue): \($0.advice)" }
    }

    private static func row(_ handshake: HandshakeDocument) -> [String] {
        [
            String(handshake.connections), TerminalText.escaped(handshake.reason), handshake.offeredVersion ?? "-",
            handshake.windows ?? "-", handshake.serverName.map { TerminalText.escaped($0) } ?? "-", second(handshake.earliest),
            second(handshake.latest), handshake.mend ?? "-",
        ]
    }

    /// To the second: microseconds are in the JSON.
    private static func second(_ time: String) -> String { String(time.prefix(19)).replacing("T", with: " ") + "Z" }
}

extension HandshakeMend {
    /// What to do, for people.
    fileprivate var advice: String {
        switch self {
        case .olderTLS:
            "these speak TLS 1.1 at most. Have KB3140245 installed on such a server, which makes it speak TLS 1.2; or let them in "
                + "with --minimum-tls 1.0"
        case .lowerFloor:
            "these speak TLS 1.2 at most, as every Essentials release does; serve with --minimum-tls 1.2"
        case .rsaCertificate:
            "give an RSA certificate beside the ECDSA one, or the other way round (--tls-certificate and --tls-key, each twice); "
                + "where there are both, try --prefer-certificate rsa"
        case .trustedCertificate:
            "these did not trust the certificate; give one for this name from an authority that old Windows knows, with its chain"
        }
    }
}
