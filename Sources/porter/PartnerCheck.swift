import ArgumentParser
import Attribution
import Foundation
import Office

/// `porter partner check ID`
struct PartnerCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say whether an ID can be attributed, and if not, exactly why and what to do.",
        discussion: "Exit status: 0 usable, 1 not usable, 2 no ID given."
    )

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: ArgumentHelp("What the partner gave as its Partner ID (MPN ID), as it stands.", valueName: "id"))
    var id: String

    @Option(help: "Judge today's directory at this time (2016-10-03T08:00:00Z, or a day) instead of now.")
    var at: String?

    @Flag(help: "Print the answer as JSON.")
    var json = false

    func run() async throws {
        let time = try at.map(PartnerConsole.moment) ?? .now
        let kind = CandidateKind.classify(RawArguments.bytes(of: id))
        guard kind != .nothing else {
            throw CommandFailure(
                message: "\(PartnerText.quoted(id)) stands for no ID at all; give the Partner ID to check",
                exitCode: CommandFailure.badRequest)
        }
        let dataPath = try await folder.dataPath()
        let verdict = try PartnerVerdict(kind, text: id, office: Office.openReadOnly(folder: dataPath), at: time)
        if json { try PartnerConsole.printJSON(verdict) } else { show(verdict) }
        if !verdict.usable { throw ExitCode(CommandFailure.answerIsNo) }
    }

    private func show(_ verdict: PartnerVerdict) {
        print("\(verdict.usable ? "usable" : "not usable"): \(verdict.message)")
        for warning in verdict.warnings { print("warning: \(warning)") }
    }
}
