import ArgumentParser
import Foundation
import Ledger
import Office

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// `porter log export`
struct LogExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write records as CSV or as lines of JSON.",
        discussion: """
            CSV is RFC 4180 with a header. What a spreadsheet would run as a formula (=, +, - or @ at the beginning of a value, or \
            within it behind a semicolon, a tab or a line end) gets an apostrophe in front. Lines of JSON leave absent fields \
            out and nothing added. The export streams: a long ledger takes time, not memory.
            """
    )

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case csv, ndjson
    }

    @OptionGroup var folder: DataFolderOptions
    @OptionGroup(title: "Filters") var filters: LogFilterOptions

    @Option(help: "csv or ndjson. (default: csv)")
    var format: Format?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write to this file, which is replaced when all is written.", valueName: "file"))
    var output: String?

    func run() async throws {
        let filter = try filters.filter()
        let format = try await folder.configuration.settings().choice("format", flag: format?.rawValue, default: Format.csv)
        let dataPath = try await folder.dataPath()
        let reader = try LedgerReader.open(folder: dataPath)
        await ReadNote.write(.logExport, "\(format.rawValue) \(filters.summary)", folder: dataPath)
        guard let output else { return try write(filter, as: format, reader, to: STDOUT_FILENO, name: "standard output") }
        try OutputFile.replace(output) { try write(filter, as: format, reader, to: $0, name: $1) }
    }

    private func write(_ filter: RecordFilter, as format: Format, _ reader: LedgerReader, to descriptor: Int32, name: String)
        throws
    {
        var file = LogOutput(descriptor: descriptor, name: name)
        var progress = LogProgress()
        var damaged = DamagedRecords()
        let last = try reader.lastSequence()
        let csv = RecordCSV(
            hasAdjustments: try reader.hasAdjustments(), hasAssociations: try reader.hasAssociations())
        if format == .csv { try file.append { csv.appendHeader(to: &$0) } }
        try reader.forEachStored(matching: filter) { stored in
            guard stored.sequence <= last else { return false }
            progress.show("record \(stored.sequence) of \(last)")
            var isWhole = false
            try file.append { isWhole = append(stored, as: format, csv, to: &$0) }
            if !isWhole { damaged.note(stored.sequence, in: reader) }
            return true
        }
        try file.flush()
        progress.clear()
        try damaged.failIfAny()
    }

    /// - Returns: false when the record is damaged.
    private func append(_ stored: StoredRecord, as format: Format, _ csv: RecordCSV, to bytes: inout [UInt8]) -> Bool {
        switch format {
        case .csv: return csv.append(stored, to: &bytes)
        case .ndjson:
            guard let record = stored.record else { return false }
            RecordJSON.append(record, to: &bytes)
            bytes.append(0x0A)
            return true
        }
    }
}
