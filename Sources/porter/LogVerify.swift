import ArgumentParser
import Attribution
import Ledger

/// `porter log verify`
struct LogVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that the ledger is whole and that counts and records agree.",
        discussion: """
            Reads all of it: places without gaps from 1, each leaf's hash, personal fields against the hash in the leaf, receipts \
            that occur once, counters that equal a recount. One line for each finding, at most a hundred; exit status 1 \
            when there is one. A server may go on writing meanwhile.
            """
    )

    @OptionGroup var folder: DataFolderOptions

    @Flag(help: "Print a JSON object.")
    var json = false

    func run() async throws {
        let reader = try LedgerReader.open(folder: try await folder.dataPath())
        var progress = LogProgress()
        let report = try reader.verify { sequence, last in progress.show("record \(sequence) of \(last)") }
        progress.clear()
        var output = LogOutput.standardOutput
        try json ? writeJSON(report, to: &output) : writeText(report, reader, to: &output)
        try output.flush()
        if !report.isSound { throw ExitCode(CommandFailure.answerIsNo) }
    }

    private func writeText(_ report: VerifyReport, _ reader: LedgerReader, to output: inout LogOutput) throws {
        for finding in report.findings { try output.line("\(finding)") }
        let hidden = report.findingCount - report.findings.count
        if hidden > 0 { try output.line("and \(hidden) more") }
        let erased = report.erased > 0 ? " (\(report.erased) with personal fields erased)" : ""
        let verdict = report.isSound ? "all is as it must be" : "\(report.findingCount) findings"
        try output.line("\(reader.path): \(report.records) records\(erased), \(verdict)")
    }

    private func writeJSON(_ report: VerifyReport, to output: inout LogOutput) throws {
        let findings = report.findings.map { finding in
            let place = finding.sequence.map { "\"seq\":\($0)," } ?? ""
            return "{\"kind\":\"\(finding.kind.rawValue)\",\(place)\"detail\":\(JSONText.string(finding.detail))}"
        }
        try output.line(
            "{\"sound\":\(report.isSound),\"records\":\(report.records),\"erased\":\(report.erased),"
                + "\"last_seq\":\(report.lastSequence),\"finding_count\":\(report.findingCount),"
                + "\"findings\":[\(findings.joined(separator: ","))]}")
    }
}
