import ArgumentParser
import Attribution
import Foundation
import Office

/// `porter partner list`
struct PartnerList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the partners of the directory.")

    @OptionGroup var folder: DataFolderOptions

    @Option(help: "Only those of one status: active, suspended or test.")
    var status: String?

    @Flag(help: "Print the partners as a JSON array.")
    var json = false

    func run() async throws {
        let status = try wantedStatus()
        let dataPath = try await folder.dataPath()
        let partners = try Office.openReadOnly(folder: dataPath).partners(status: status)
        if json {
            // Only these have addresses.
            if !partners.isEmpty {
                await ReadNote.write(.partnerRead, "list" + (status.map { " status=\($0.rawValue)" } ?? ""), folder: dataPath)
            }
            return try PartnerConsole.printJSON(partners)
        }
        if partners.isEmpty {
            if !FileManager.default.fileExists(atPath: dataPath) { PartnerConsole.warn("there is no data folder \(dataPath)") }
            print(
                "no partners\(status.map { " of status \($0.rawValue)" } ?? ""); add some with `porter partner import FILE.csv`")
        }
        for partner in partners { print(line(partner, at: .now)) }
    }

    private func wantedStatus() throws -> PartnerStanding.Status? {
        guard let status else { return nil }
        guard let wanted = PartnerStanding.Status(rawValue: status.lowercased()) else {
            throw CommandFailure(
                message: "--status is \(PartnerText.quoted(status)), expected active, suspended or test",
                exitCode: CommandFailure.badRequest)
        }
        return wanted
    }

    /// The longest usual summary is `active, no longer valid`; a longer one pushes its name to the right.
    private static let summaryWidth = 24

    private func line(_ partner: Partner, at now: Timestamp) -> String {
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        return padded(partner.id.description, PartnerID.maximumDigits + 1)
            + padded(partner.standing.summary(at: now), Self.summaryWidth) + " "
            + padded(partner.account.rawValue, 9) + padded(partner.agreement.rawValue, 6) + partner.name
    }
}
