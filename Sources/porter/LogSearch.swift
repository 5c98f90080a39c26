import ArgumentParser
import Ledger
import Office

/// `porter log search`
struct LogSearch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Print the records that fit, oldest first.",
        discussion: """
            A time range makes the search fast; without one the whole ledger is read. With --json one JSON object on each line.
            """
    )

    @OptionGroup var folder: DataFolderOptions
    @OptionGroup(title: "Filters") var filters: LogFilterOptions

    @Option(help: ArgumentHelp("Stop after so many records.", valueName: "count"))
    var limit: Int?

    @Flag(help: "Print JSON, one object on each line.")
    var json = false

    func validate() throws {
        guard limit ?? 1 >= 1 else { throw ValidationError("--limit is how many records to print, 1 or more.") }
    }

    func run() async throws {
        let filter = try filters.filter()
        let dataPath = try await folder.dataPath()
        let reader = try LedgerReader.open(folder: dataPath)
        await ReadNote.write(.logRead, filters.summary, folder: dataPath)
        var output = LogOutput.standardOutput
        var damaged = DamagedRecords()
        var rest = limit ?? .max
        try reader.forEachRecord(matching: filter) { stored, record in
            try LogRecordOutput.write(stored, record, json: json, reader, &output, &damaged)
            rest -= 1
            return rest > 0
        }
        try output.flush()
        try damaged.failIfAny()
    }
}
