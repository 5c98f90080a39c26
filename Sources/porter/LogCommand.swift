import ArgumentParser
import Foundation
import Ledger

/// `porter log`
struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Read the ledger: one record for each sign-up.",
        discussion: """
            These commands change no record, but for adjust, which adds one; a server may be running or not. Reading records is \
            noted in the access log.
            """,
        subcommands: [
            LogTail.self, LogSearch.self, LogShow.self, LogExport.self, LogStatement.self, LogAdjust.self, LogHandshakes.self,
            LogVerify.self,
        ]
    )
}

/// Records that are too damaged to be printed: each is named at once, and the command says no at the end.
struct DamagedRecords {
    private var count = 0

    mutating func note(_ sequence: Int64, in reader: LedgerReader) {
        count += 1
        let error = LedgerError.damagedRecord(file: reader.path, sequence: sequence)
        StandardStream.error.write("error: \(error)\n")
    }

    func failIfAny() throws {
        if count > 0 { throw ExitCode(CommandFailure.answerIsNo) }
    }
}
