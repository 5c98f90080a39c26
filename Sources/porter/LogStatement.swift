import ArgumentParser
import Attribution
import Ledger

/// `porter log statement ID --month YYYY-MM`
struct LogStatement: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statement",
        abstract: "Print a partner's records of one month.",
        discussion: """
            What is sent to a partner who asks whether sign-ups are attributed: every record of the month (UTC) that names the \
            partner, with its receipt, and adjustments made in it. With --csv all fields, for a spreadsheet.
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
        var filter = RecordFilter()
        filter.partner = partner
        (filter.since, filter.until) = (month.first.start, month.next.first.start)
        let reader = try LedgerReader.open(folder: try await folder.dataPath())
        var output = LogOutput.standardOutput
        var damaged = DamagedRecords()
        var summary = StatementSummary()
        let rows = RecordCSV(hasAdjustments: true)
        if csv { try output.append { rows.appendHeader(to: &$0) } }
        try reader.forEachRecord(matching: filter) { stored, record in
            if let record { summary.add(record) }
            if csv, let record {
                try output.append { rows.append(record, to: &$0) }
            } else {
                try LogRecordOutput.write(stored, record, json: json, reader, &output, &damaged)
            }
            return true
        }
        if !csv, !json { try output.line("partner \(partner), \(month) (UTC): \(summary)") }
        try output.flush()
        try damaged.failIfAny()
    }
}

/// What a statement adds up to.
private struct StatementSummary: CustomStringConvertible {
    private var attributed = 0
    private var adjusted = 0
    private var notAttributed = 0

    mutating func add(_ record: Record) {
        if record.text(.kind) == AdjustmentDraft.kind {
            adjusted += 1
        } else if record.text(.outcome) == Outcome.attributed.rawValue {
            attributed += 1
        } else {
            notAttributed += 1
        }
    }

    var description: String {
        "\(attributed) attributed, \(adjusted) adjusted, \(notAttributed) not attributed"
    }
}
