import ArgumentParser
import Attribution
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

            A partner who would not be attributed gets the kit and a warning.
            """
    )

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: ArgumentHelp("The Partner ID (MPN ID).", valueName: "partner"))
    var partner: String

    @Option(help: "mospa or mosra: the agreement under which the partner prepares the image.")
    var agreement = KitAgreement.mospa.rawValue

    @Option(help: ArgumentHelp("\(KitFormat.names).", valueName: "format"))
    var format = KitScript.reg.rawValue

    @Option(help: ArgumentHelp("Where sign-ups are answered, such as https://gateway.example.com.", valueName: "url"))
    var gateway: String?

    @Option(help: ArgumentHelp("The image's tag, which the routes have to take. Only with mosra.", valueName: "tag"))
    var campaign: String?

    @Flag(help: "Make the file that takes the values away again.")
    var undo = false

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
        let (agreement, format) = try choices()
        let settings = try await folder.configuration.settings()
        let dataPath = try await folder.dataPath()
        let gateway = try gateway.map { try GatewayURL($0) }
        let judge = try KitCommand.judge(settings, dataPath: dataPath, routes: routes, at: at)
        let kit = try Kit(for: id, under: agreement, gateway: gateway, campaign: campaign, judge: judge)
        let known = try Office.openReadOnly(folder: dataPath).partner(id)
        let file: KitFile
        switch format {
        case .script(let script): file = try kit.file(script, undo: undo)
        case .guide:
            let path = try settings.string("public", flag: publicFolder, default: "Public")
            file = try GuideFolder.guide(publicFolder: path, language: language, wished: known?.language)
                .page(for: kit, of: known?.name)
        }
        // Who takes values away need not know whether they worked.
        let warnings = undo ? [] : kit.warnings + Self.agreementWarnings(known, agreement)
        if !json { for warning in warnings { PartnerConsole.warn(warning) } }
        if let output {
            try OutputFile.replace(output, permissions: 0o644) { try Self.write(file.bytes, to: $0, name: $1) }
        }
        if json {
            try PartnerConsole.printJSON(KitDocument(kit, file, format: format.name, isUndo: undo, warnings: warnings))
        } else if output == nil {
            try Self.write(file.bytes, to: STDOUT_FILENO, name: "standard output")
        }
    }

    private func choices() throws -> (KitAgreement, KitFormat) {
        guard let agreement = KitAgreement(rawValue: agreement) else {
            throw CommandFailure(
                message: "--agreement is \(PartnerText.quoted(agreement)), expected mospa or mosra",
                exitCode: CommandFailure.badRequest)
        }
        guard let format = KitFormat(format) else {
            throw CommandFailure(
                message: "--format is \(PartnerText.quoted(format)), expected one of \(KitFormat.names)",
                exitCode: CommandFailure.badRequest)
        }
        if undo, case .guide = format {
            throw CommandFailure(
                message: "the guide tells how to take the values away; leave --undo out", exitCode: CommandFailure.badRequest)
        }
        return (agreement, format)
    }

    /// The directory may know the partner under the other agreement.
    private static func agreementWarnings(_ partner: Partner?, _ agreement: KitAgreement) -> [String] {
        guard let partner, partner.agreement != .none, partner.agreement.rawValue != agreement.rawValue else { return [] }
        return [
            "the directory has partner \(partner.id) under \(partner.agreement.rawValue), and this kit is for "
                + "\(agreement.rawValue); choose with --agreement"
        ]
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32, name: String) throws {
        var file = LogOutput(descriptor: descriptor, name: name)
        try file.append { $0 += bytes }
        try file.flush()
    }
}
