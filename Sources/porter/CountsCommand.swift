import ArgumentParser
import Attribution
import Foundation
import Ledger

/// `porter counts`
struct CountsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "counts",
        abstract: "Count sign-ups.",
        discussion: """
            Columns: requests (all records), visits (made by a person: no HEAD, bot, preview, tool or test), unique (visits without \
            those that the same visitor made before on the same route and UTC day for the same partner), attributed (requests \
            that are credited to a partner).

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
        let dimensions = try by.split(separator: ",").map { try dimension($0.trimmingCharacters(in: .whitespaces)) }
        guard !dimensions.isEmpty else { throw refusal("--by names nothing; name a dimension, such as outcome") }
        guard Set(dimensions).count == dimensions.count else {
            throw refusal("--by names a dimension twice; name each once")
        }
        let zone = try zone(timezone)
        let periods = CountPeriods(timeZone: zone)
        let first = try since.map { try quarterHour($0, option: "--since", day: { periods.start(of: $0) }) }
        let end = try until.map { try quarterHour($0, option: "--until", day: { periods.start(of: $0.next) }) }
        if let first, let end, end <= first { throw refusal("--until lies before --since; turn them round") }
        return try refusing { try CountQuery(dimensions: dimensions, since: first, until: end, timeZone: zone) }
    }

    /// Foundation also takes offsets, `GMT+05:07`, most of which do not fit the quarter hours that sign-ups are counted by, and
    /// whose sign is the opposite of that in `Etc/GMT+5`: only names are accepted.
    private func zone(_ name: String) throws -> TimeZone {
        guard let zone = TimeZone(identifier: name), !["GMT+", "GMT-"].contains(where: zone.identifier.hasPrefix) else {
            throw refusal(
                "--timezone is \"\(TerminalText.escaped(name))\", expected a name of the tz database such as Europe/Paris")
        }
        return zone
    }

    /// Turns what the counters cannot answer into a refusal.
    private func refusing<Value>(_ question: () throws -> Value) throws -> Value {
        do {
            return try question()
        } catch let error as CountQueryError {
            throw refusal(error.description)
        }
    }

    private func dimension(_ name: String) throws -> CountDimension {
        guard let dimension = CountDimension(rawValue: name) else {
            let known = CountDimension.allCases.map(\.rawValue).joined(separator: ", ")
            throw refusal("--by has \"\(TerminalText.escaped(name))\", expected some of \(known)")
        }
        return dimension
    }

    private func quarterHour(_ text: String, option: String, day: (CalendarDay) -> QuarterHour) throws -> QuarterHour {
        if let wanted = CalendarDay(text) { return day(wanted) }
        guard let time = Timestamp(rfc3339: text) else {
            throw refusal(
                "\(option) is \"\(TerminalText.escaped(text))\", expected a day such as 2016-10-03 "
                    + "or a time such as 2016-10-03T08:15:00Z")
        }
        guard let bucket = QuarterHour(startingAt: time) else {
            throw refusal("\(option) is \(text), expected a full quarter hour: sign-ups are counted by those")
        }
        return bucket
    }

    private func refusal(_ message: String) -> CommandFailure {
        CommandFailure(message: message, exitCode: CommandFailure.badRequest)
    }
}
