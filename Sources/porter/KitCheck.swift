import ArgumentParser
import Attribution
import DeploymentKit

/// `porter kit check FILE`
struct KitCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read a registry export and say whether sign-ups from that server would be attributed, and what is wrong.",
        discussion: """
            On the server: reg export "\(MSOKey.shortPath)" mso.reg /y /reg:64
            Exports of whole branches are read as well, in UTF-16 or UTF-8.

            Each value is judged by the function that judges sign-ups, on what the server would send, signatures of links among it; \
            nothing is recorded. A \
            mistake keeps sign-ups from being attributed, or sends them where they should not go; a warning does no harm by itself.
            Exit status: 0 every sign-up would be attributed, 1 there is a mistake, 2 the file is no registry export.
            """
    )

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: ArgumentHelp("The export, a .reg file.", valueName: "file"))
    var file: String

    @Option(
        help: ArgumentHelp(
            "Where sign-ups are answered, such as https://gateway.example.com: a URL of another host or port is a mistake.",
            discussion: "The hosts of the routes and of --host are known already, their ports are not.", valueName: "url"))
    var gateway: String?

    @Option(help: ArgumentHelp("Judge today's directory at this time: RFC 3339, or a day. (default: now)", valueName: "time"))
    var at: String?

    @Flag(help: "Print the answer as JSON.")
    var json = false

    @Option(help: ArgumentHelp("The folder of route files. (default: routes)", valueName: "dir"))
    var routes: String?

    func run() async throws {
        let settings = try await folder.configuration.settings()
        let dataPath = try await folder.dataPath()
        let gateway = try gateway.map { try GatewayURL($0) }
        let export = try readExport()
        let time = try at.map(PartnerConsole.moment) ?? .now
        let judge = try KitCommand.judge(settings, dataPath: dataPath, routes: routes, at: time)
        let check = ExportCheck(export, judge: judge, gateway: gateway)
        if json { try PartnerConsole.printJSON(KitCheckDocument(check)) } else { show(check) }
        if !check.isAttributed || check.hasMistakes { throw ExitCode(CommandFailure.answerIsNo) }
    }

    private func readExport() throws -> RegistryExport {
        let bytes = try InputFile.bytes(of: file, limit: RegistryExport.maximumBytes, called: file)
        do throws(KitFault) {
            return try RegistryExport(bytes)
        } catch {
            throw CommandFailure(message: "\(file): \(error.message)", exitCode: CommandFailure.badRequest)
        }
    }

    private func show(_ check: ExportCheck) {
        let cells = check.values.map { value in
            [value.name.rawValue, value.data.typeName, value.words.joined(separator: ", "), value.data.shown]
        }
        for row in cells {
            // The data stands last, as it is the longest.
            let widths = row.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
            print(
                zip(row, widths).dropLast().map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
                    + "  " + row[row.count - 1])
        }
        for finding in check.findings {
            let place = finding.place.map { "\($0): " } ?? ""
            print("\(finding.severity.rawValue): \(place)\(finding.message)")
        }
        print(verdict(check))
    }

    private func verdict(_ check: ExportCheck) -> String {
        guard check.isAttributed else { return "sign-ups from this server would not all be attributed" }
        let whom = check.partner.map { " to \($0)" } ?? ", not all to the same partner"
        return "sign-ups from this server would be attributed\(whom)" + (check.hasMistakes ? ", and yet there are mistakes" : "")
    }
}
