import ArgumentParser
import Ledger

/// `porter counts`
struct CountsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "counts",
        abstract: "Count sign-ups.",
        discussion: """
            Columns: requests (all records), visits (made by a person: no HEAD, bot, preview, tool or test), unique (visits without \
            those that the same visitor made before on the same route and UTC day for the same partner), attributed (requests \
            that are credited to a partner). Where records were adjusted after the fact, also adjusted (attributions made less \
            those taken back) and net (attributed and adjusted together).

            --by takes one or more of route, edition, action, origin, campaign, outcome, reason, partner, client, client_os, and \
            hour, day, week (its Monday), month of the time zone. Only partners of the directory are counted by ID. \
            culture and country are counted by UTC day and go together with day, week and month only.
            """
    )

    @OptionGroup var folder: DataFolderOptions

    @Option(help: ArgumentHelp("What to count by, separated by commas.", valueName: "dimensions"))
    var by = "outcome"

    @Option(help: ArgumentHelp("From this day of the time zone, or this quarter hour, on.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("To the end of this day of the time zone, or before this quarter hour.", valueName: "time"))
    var until: String?

    @Option(help: ArgumentHelp("The time zone of days and hours, such as Europe/Paris. (default: UTC)", valueName: "zone"))
    var timezone: String?

    @Flag(help: "Print a JSON array, one object for each line of the table.")
    var json = false

    @Flag(help: "Print CSV with a header.")
    var csv = false

    func validate() throws {
        if json && csv { throw ValidationError("Choose one of --json and --csv.") }
    }

    func run() async throws {
        let settings = try await folder.configuration.settings()
        let query = try query(timezone: settings.string("timezone", flag: timezone, default: "UTC"))
        let reader = try LedgerReader.open(folder: try await folder.dataPath())
        let table = try refusing { try reader.counts(query) }
        var output = LogOutput.standardOutput
        let layout = CountsLayout(table)
        try output.append { bytes in
            if json {
                layout.appendJSON(to: &bytes)
            } else if csv {
                layout.appendCSV(to: &bytes)
            } else {
                layout.appendText(to: &bytes)
            }
        }
        try output.flush()
    }

    private func query(timezone: String) throws -> CountQuery {
        do throws(QuestionFault) {
            return try CountQuery.read(by: by, since: since, until: until, timezone: timezone)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Turns what the counters cannot answer into a refusal.
    private func refusing<Value>(_ question: () throws -> Value) throws -> Value {
        do {
            return try question()
        } catch let error as CountQueryError {
            throw CommandFailure(message: error.description, exitCode: CommandFailure.badRequest)
        }
    }
}
