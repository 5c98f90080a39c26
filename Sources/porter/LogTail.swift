import ArgumentParser
import Attribution
import Foundation
import Ledger
import Office

/// `porter log tail`
struct LogTail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Print the last records.",
        discussion: """
            One line for each: time, place, outcome, partner, route, origin, status, culture, receipt, and what else is worth \
            knowing. With --json one JSON object on each line.
            """
    )

    @OptionGroup var folder: DataFolderOptions
    @OptionGroup(title: "Filters") var filters: LogFilterOptions

    @Option(name: [.customShort("n", allowingJoined: true), .long], help: ArgumentHelp("How many records.", valueName: "count"))
    var lines = 10

    @Flag(name: .shortAndLong, help: "Go on with new records until interrupted.")
    var follow = false

    @Flag(help: "Print JSON, one object on each line.")
    var json = false

    /// Between two looks for new records: soon enough for a person, rare enough for the disk.
    private static let followInterval = Duration.milliseconds(200)

    func validate() throws {
        guard lines >= 0 else { throw ValidationError("-n is how many records to print, 0 or more.") }
    }

    func run() async throws {
        let filter = try filters.filter()
        let dataPath = try await folder.dataPath()
        let reader = try LedgerReader.open(folder: dataPath)
        await ReadNote.write(
            .logRead, "last \(lines)\(follow ? " and new ones" : ""): \(filters.summary)", folder: dataPath)
        // The end is fixed first: what is committed from now on is for following, so that nothing is printed twice.
        var last = try reader.lastSequence()
        var output = LogOutput.standardOutput
        var damaged = DamagedRecords()
        for stored in try reader.lastRecords(lines, matching: filter) where stored.sequence <= last {
            try LogRecordOutput.write(stored, stored.record, json: json, reader, &output, &damaged)
        }
        try output.flush()
        guard follow else { return try damaged.failIfAny() }
        let interruption = Interruption()
        while !interruption.hasCome {
            try? await Task.sleep(for: Self.followInterval)
            last = try reader.forEachRecord(matching: filter, after: last) { stored, record in
                try LogRecordOutput.write(stored, record, json: json, reader, &output, &damaged)
                return !interruption.hasCome
            }
            try output.flush()
        }
    }
}

/// A record as the commands print it.
enum LogRecordOutput {
    static func write(
        _ stored: StoredRecord,
        _ record: Record?,
        json: Bool,
        _ reader: LedgerReader,
        _ output: inout LogOutput,
        _ damaged: inout DamagedRecords
    ) throws {
        guard let record else { return damaged.note(stored.sequence, in: reader) }
        guard json else { return try output.line(RecordLine(record).description) }
        try output.append { bytes in
            RecordJSON.append(record, to: &bytes)
            bytes.append(0x0A)
        }
    }
}
