import ArgumentParser
import Attribution
import Ledger
import Office

/// `porter log statement ID --month YYYY-MM`
struct LogStatement: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statement",
        abstract: "Print a partner's records of one month.",
        discussion: """
            What is sent to a partner who asks whether sign-ups are attributed: every record of the month (UTC) that names the \
            partner, with its receipt, and adjustments made in it: one without a partner takes an earlier one back. No other \
            partner's ID is in it; --csv and --json also have no personal fields and no notes of ours.
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
            try output.line("partner \(partner), \(month) (UTC): \(Self.text(totals))")
        }
        try output.flush()
        try damaged.failIfAny()
    }

    private static func text(_ totals: StatementTotals) -> String {
        "\(totals.requests) requests, \(totals.visits) visits, \(totals.attributed) attributed, \(totals.adjusted) adjusted, "
            + "\(totals.net) net, \(totals.notAttributed) not attributed"
    }
}
