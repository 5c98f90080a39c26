import ArgumentParser
import Attribution
import BackOffice
import DeploymentKit
import Foundation
import Office

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// `porter kit PARTNER`
struct KitMake: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "Make one file of a kit. The word make can be left out.",
        discussion: """
            Under MOSPA the image gets the value Partner alone, which the Office 365 Integration Module adds to the provider's own \
            sign-up URLs. Under MOSRA it also gets the four URLs that replace the module's: they point at the gateway, with the \
            partner's ID in their path and the image's campaign.

            reg is for regedit, cmd for PostIC.cmd and the command prompt, ps1 for PowerShell, unattend a fragment of an answer \
            file, offline a PowerShell script for a mounted image, guide a page to print. Each but the guide, which tells it, has \
            its undo: add --undo to the command that made it. Everything is done before sysprep.

            With --sign the four URLs are signed with the partner's newest key (porter partner key), and valid through the last \
            day that --until names: an image that is deployed later than that needs another kit. Signed kits are in the access log.

            A partner who would not be attributed gets the kit and a warning.
            """
    )

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: ArgumentHelp("The Partner ID (MPN ID).", valueName: "partner"))
    var partner: String

    @Option(help: "mospa or mosra: the agreement under which the partner prepares the image. (default: mospa)")
    var agreement: String?

    @Option(help: ArgumentHelp("\(KitFormat.names). (default: reg)", valueName: "format"))
    var format: String?

    @Option(help: ArgumentHelp("Where sign-ups are answered, such as https://gateway.example.com.", valueName: "url"))
    var gateway: String?

    @Option(help: ArgumentHelp("The image's tag, which the routes have to take. Only with mosra.", valueName: "tag"))
    var campaign: String?

    @Flag(help: "Make the file that takes the values away again, whatever they hold. It needs no gateway.")
    var undo = false

    @Flag(help: "Sign the URLs with the partner's key. Only with mosra.")
    var sign = false

    @Option(
        help: ArgumentHelp(
            "The last day, in UTC, on which signed URLs are valid. (default: in \(KitOrder.usualYears) years)",
            valueName: "yyyy-mm-dd"))
    var until: String?

    @Option(
        help: ArgumentHelp(
            "The guide's language: \(DocumentedLanguage.tags). (default: the partner's, else en)", valueName: "tag"))
    var language: String?

    @Option(help: ArgumentHelp("Judge today's directory at this time: RFC 3339, or a day. (default: now)", valueName: "time"))
    var at: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"))
    var output: String?

    @Flag(help: "Print what the kit holds as JSON, the file's content in Base64.")
    var json = false

    @Option(help: ArgumentHelp("The folder of route files. (default: routes)", valueName: "dir"))
    var routes: String?

    @Option(
        name: .customLong("public"),
        help: ArgumentHelp("The folder of pages, in which the guide's texts are. (default: Public)", valueName: "dir"))
    var publicFolder: String?

    func run() async throws {
        let id = try PartnerConsole.partnerID(partner)
        let settings = try await folder.configuration.settings()
        let dataPath = try await folder.dataPath()
        let time = try at.map(PartnerConsole.moment) ?? .now
        // Signatures end by the clock, whatever time the directory is judged at.
        let order = try KitOrder(for: id, wishes, on: Timestamp.now.day)
        // Who takes values away needs to know nothing of what becomes of sign-ups.
        let judge =
            undo
            ? SignupJudge(routes: RouteTable(routes: []), directory: PartnerDirectory(version: 0, standings: [:]), time: time)
            : try KitCommand.judge(settings, dataPath: dataPath, routes: routes, at: time)
        let desk = KitDesk(publicFolder: try settings.string("public", flag: publicFolder, default: "Public"))
        let made = try desk.make(order, try Office.openReadOnly(folder: dataPath), judge: judge)
        if order.signedThrough != nil { await ReadNote.write(.kit, order.summary, folder: dataPath) }
        if !json { tell(made) }
        if let output {
            try OutputFile.replace(output, permissions: made.permissions) { try Self.write(made.file.bytes, to: $0, name: $1) }
        }
        if json {
            try PartnerConsole.printJSON(KitDocument(made, of: order))
        } else if output == nil {
            try Self.write(made.file.bytes, to: STDOUT_FILENO, name: "standard output")
        }
    }

    private var wishes: KitWishes {
        var wishes = KitWishes()
        wishes.agreement = agreement
        wishes.format = format
        wishes.gateway = gateway
        wishes.campaign = campaign
        wishes.language = language
        wishes.undo = undo
        wishes.sign = sign
        wishes.until = until
        return wishes
    }

    private func tell(_ made: MadeKit) {
        for warning in made.warnings { PartnerConsole.warn(warning.message) }
        guard let day = made.kit.signedThrough else { return }
        StandardStream.error.write("the URLs are signed, and valid through \(day), UTC\n")
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, name: String) throws {
        var file = LogOutput(descriptor: descriptor, name: name)
        try file.append { $0 += bytes }
        try file.flush()
    }
}

extension MadeKit {
    /// Whoever reads a signed kit can credit the partner with sign-ups.
    fileprivate var permissions: mode_t { kit.signedThrough == nil ? 0o644 : 0o600 }
}
