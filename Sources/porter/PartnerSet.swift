import ArgumentParser
import Attribution
import BackOffice
import Foundation
import Office

/// `porter partner set ID --status …`
struct PartnerSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change one partner, or add it.",
        discussion: """
            Fields that are not given stay as they are; an empty text takes a value away. A partner that is not in the \
            directory is added when --name and --status are given.
            """
    )

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: ArgumentHelp("The Partner ID (MPN ID).", valueName: "id"))
    var id: String

    @Option(help: "active, suspended or test.") var status: String?
    @Option(help: "Why it is suspended: no-agreement, lapsed, requested, fraud or other.") var reason: String?
    @Option(help: "The partner's name.") var name: String?
    @Option(help: "The first day on which it is valid, as YYYY-MM-DD in UTC.") var validFrom: String?
    @Option(help: "The last day on which it is valid, as YYYY-MM-DD in UTC.") var validTo: String?
    @Option(help: "mospa, mosra or none.") var agreement: String?
    @Option(help: "global or location.") var account: String?
    @Option(help: "The global ID that a location belongs to.") var parent: String?
    @Option(help: "Where notices go.") var email: String?
    @Option(help: "The language of notices, such as fr or pt-BR.") var language: String?
    @Option(help: "Incentive programs, separated by ;.") var programs: String?

    @Flag(help: "Print the report as JSON.")
    var json = false

    func run() async throws {
        let partner = try PartnerConsole.partnerID(id)
        let fields = given
        guard !fields.isEmpty else {
            throw CommandFailure(
                message: "nothing to change for partner \(partner); give --status or another field",
                exitCode: CommandFailure.badRequest)
        }
        let patch = PartnerPatch(fields: fields)
        let change = try patch.change(of: partner)
        let source = "partner set by \(FolderChanges.userName)"
        let report = try await FolderChanges(folder: try await folder.dataPath()).make(
            throughServer: { try await $0.setPartner(partner, patch, source: source) },
            directly: { office, _ in
                try office.setPartner(change, source: source, by: FolderChanges.caller, at: .now)
            })
        if json { try PartnerConsole.printJSON(report) } else { show(report, of: partner) }
    }

    private var given: [PartnerColumn: String] {
        let options: [PartnerColumn: String?] = [
            .name: name, .status: status, .statusReason: reason, .account: account, .parent: parent, .agreement: agreement,
            .email: email, .language: language, .validFrom: validFrom, .validTo: validTo, .programs: programs,
        ]
        return options.compactMapValues { $0 }
    }

    private func show(_ report: DirectoryReport, of partner: PartnerID) {
        for warning in report.warnings { PartnerConsole.warn(warning) }
        guard let difference = report.differences.first, let version = report.directoryVersion else {
            print("partner \(partner): nothing to change, no new version")
            return
        }
        let what = difference.isNew ? "added" : "changed"
        print("partner \(partner) \(what): \(PartnerConsole.text(of: difference.fields)); directory version \(version)")
    }
}
