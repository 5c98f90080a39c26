import ArgumentParser
import Attribution
import Ledger
import Office

/// `porter log show`
struct LogShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print one record with all its fields.",
        discussion: "Exit status 1 when no record has the receipt."
    )

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: "The receipt, as the answer's Porter-Receipt said.")
    var receipt: String

    @Flag(help: "Print a JSON object.")
    var json = false

    func run() async throws {
        let wanted = try LogFilterOptions.receipt(receipt)
        let dataPath = try await folder.dataPath()
        let reader = try LedgerReader.open(folder: dataPath)
        guard let stored = try reader.record(receipt: wanted) else {
            throw CommandFailure(
                message: "no record has the receipt \(wanted) in \(dataPath); check its letters, and --data",
                exitCode: CommandFailure.answerIsNo)
        }
        await ReadNote.write(.recordRead, wanted.description, folder: dataPath)
        var output = LogOutput.standardOutput
        var damaged = DamagedRecords()
        if json {
            try LogRecordOutput.write(stored, stored.record, json: true, reader, &output, &damaged)
        } else if let record = stored.record {
            try write(record, isErased: stored.personal == nil, to: &output)
        } else {
            damaged.note(stored.sequence, in: reader)
        }
        try output.flush()
        try damaged.failIfAny()
    }

    private func write(_ record: Record, isErased: Bool, to output: inout LogOutput) throws {
        let width = RecordField.allCases.map(\.rawValue.count).max() ?? 0
        for field in RecordField.allCases {
            guard let value = record[field] else { continue }
            let text =
                switch value {
                case .text(let text): text
                case .number(let number): String(number)
                case .list(let list): list.joined(separator: " ")
                }
            let name = field.rawValue + String(repeating: " ", count: width - field.rawValue.count)
            try output.line("\(name)  \(TerminalText.escaped(text, maximumCharacters: .max))")
        }
        if isErased { try output.line("(the personal fields are erased)") }
    }
}
