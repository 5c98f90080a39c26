import ArgumentParser
import Attribution
import Ledger
import Office
import Subscriptions

/// `porter log statement ID --month YYYY-MM`
struct LogStatement: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statement",
        abstract: "Print a partner's records of one month.",
        discussion: """
            What is sent to a partner who asks whether sign-ups are attributed: every record of the month (UTC) that names the \
            partner, with its receipt, and adjustments made in it: one without a partner takes an earlier one back. No other \
            partner's ID is in it; --csv and --json also have no personal fields and no notes of ours.

            Before the last line it says for each program of how many subscriptions the partner was partner of record in the month; \
            --programs prints that alone.
            """
    )

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: ArgumentHelp("The Partner ID (MPN ID).", valueName: "id"))
    var id: String

    @Option(help: ArgumentHelp("The month, in UTC.", valueName: "yyyy-mm"))
    var month: String

    @Flag(help: "Print CSV with a header.")
    var csv = false

    @Flag(help: "Print JSON, one object on each line.")
    var json = false

    @Flag(help: "Print the subscriptions with this partner of record, by program, and no records. As JSON it is one object.")
    var programs = false

    func validate() throws {
        if json && csv { throw ValidationError("Choose one of --json and --csv.") }
    }

    func run() async throws {
        let partner = try PartnerConsole.partnerID(id)
        guard let month = CalendarMonth(month) else {
            throw CommandFailure(
                message: "--month is \"\(TerminalText.escaped(month))\", expected a month such as 2016-10",
                exitCode: CommandFailure.badRequest)
        }
        let dataPath = try await folder.dataPath()
        if programs {
            await ReadNote.write(.statement, "\(partner) \(month), by program", folder: dataPath)
            return try show(try Self.programs(of: partner, in: month, folder: dataPath))
        }
        let reader = try LedgerReader.open(folder: dataPath)
        await ReadNote.write(.statement, "\(partner) \(month)", folder: dataPath)
        var output = LogOutput.standardOutput
        var damaged = DamagedRecords()
        let statement = PartnerStatement(of: partner, in: month)
        var totals = StatementTotals(of: statement)
        let rows = RecordCSV(RecordField.statement)
        if csv { try output.append { rows.appendHeader(to: &$0) } }
        try reader.forEachRecord(matching: statement.filter) { stored, record in
            if let record { totals.add(record) }
            if csv, let record {
                try output.append { rows.append(statement.told(record), to: &$0) }
            } else if json, let record {
                try output.append {
                    RecordJSON.append(statement.told(record), RecordField.statement, to: &$0)
                    $0.append(UInt8(ascii: "\n"))
                }
            } else {
                try LogRecordOutput.write(stored, record.map(statement.told), json: false, reader, &output, &damaged)
            }
            return true
        }
        if !csv, !json {
            for line in Self.lines(try Self.programs(of: partner, in: month, folder: dataPath)) { try output.line(line) }
            try output.line("partner \(partner), \(month) (UTC): \(Self.text(totals))")
        }
        try output.flush()
        try damaged.failIfAny()
    }

    private static func text(_ totals: StatementTotals) -> String {
        "\(totals.requests) requests, \(totals.visits) visits, \(totals.attributed) attributed, \(totals.adjusted) adjusted, "
            + "\(totals.net) net, \(totals.notAttributed) not attributed"
    }

    private static func programs(of partner: PartnerID, in month: CalendarMonth, folder: String) throws -> ProgramStatement {
        try Office.openReadOnly(folder: folder).programStatement(of: partner, in: month, now: .now)
    }

    private func show(_ statement: ProgramStatement) throws {
        if json { return try PartnerConsole.printJSON(statement) }
        var output = LogOutput.standardOutput
        if csv {
            try output.append { $0 += statement.csv }
        } else if statement.isEmpty {
            try output.line("no subscription had the partner as partner of record until the end of \(statement.month)")
        } else {
            for line in Self.lines(statement) { try output.line(line) }
        }
        try output.flush()
    }

    /// A line for each program in which there is anything to tell.
    private static func lines(_ statement: ProgramStatement) -> [String] {
        statement.programs.filter { $0.counts.contains { $0 != 0 } }.map { figures in
            "program \(figures.program): subscriptions at the start: \(figures.atStart), associated: \(figures.associated) "
                + "(by receipt: \(figures.byReceipt)), removed: \(figures.removed), at the end: \(figures.atEnd); "
                + "counted: \(figures.counted), at the end: \(figures.countedAtEnd), together: \(figures.countedSeconds) s"
        }
    }
}
