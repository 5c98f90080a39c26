import ArgumentParser
import Attribution
import Foundation
import Office
import Subscriptions

/// `porter subscription import FILE.csv`
struct SubscriptionImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take what the provider tells from a CSV file.",
        discussion: """
            The file has a header with these columns in any order, all but the last required:
            event,id,tenant,product,offer,seats,channel,time,receipt

            All or nothing: every mistake is listed with its line, and then nothing is imported. Events that were told before, by the \
            API or by a file, change nothing.
            """
    )

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: ArgumentHelp("The CSV file, in UTF-8.", valueName: "file"))
    var file: String

    @Flag(help: "Only show what would become of each event.")
    var dryRun = false

    @Flag(help: "Print the report as JSON.")
    var json = false

    func run() async throws {
        let limit = SubscriptionCSV.maximumFileBytes
        let bytes = try InputFile.bytes(of: file, limit: limit, called: file)
        guard bytes.count <= limit else {
            throw CommandFailure(
                message: "\(file) is larger than \(limit) bytes; import it in parts", exitCode: CommandFailure.badRequest)
        }
        let settings = try await folder.configuration.settings()
        let days = try ServeConfiguration.receiptDays(settings.string("receipt-days", flag: nil))
        let rules = SubscriptionRules(maximumReceiptDays: days)
        let report = try await FolderChanges(folder: try await folder.dataPath()).make(
            throughServer: { try await $0.importEvents(csv: bytes, fileName: file, dryRun: dryRun) },
            directly: { office, lock in
                try await SubscriptionConsole.change(office, lock) { office, reader in
                    let time = Timestamp.now
                    let csv = SubscriptionCSV(bytes, now: time)
                    let claimed = try csv.claimedSignups(reader)
                    return try office.importSubscriptions(
                        csv, fileName: file, claimed: { claimed[$0] }, rules, receipt: Receipt.random(at:),
                        by: FolderChanges.caller,
                        at: time, dryRun: dryRun)
                }
            })
        if json { return try PartnerConsole.printJSON(report) }
        for event in report.listed {
            let partner = event.isAssociated ? ", partner of record \(event.partner ?? "-")" : ""
            print("\(event.event)  \(event.subscription)  receipt \(event.receipt?.rawValue ?? "-")\(partner)")
        }
        let new = report.events - report.repeated
        if new > report.listed.count { print("and \(new - report.listed.count) more") }
        let findings = report.findings.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        let counts =
            "events: \(report.events), told before: \(report.repeated), partners of record set: \(report.associated), "
            + "removed: \(report.removed)"
        print(
            "\(file): \(counts)" + (findings.isEmpty ? "" : "; receipts: \(findings)")
                + (dryRun ? "; a dry run, nothing was written" : ""))
    }
}
