import ArgumentParser
import Attribution
import BackOffice
import Ledger
import Office

/// `porter log adjust RECEIPT --partner ID --note TEXT`
struct LogAdjust: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adjust",
        abstract: "Attribute a sign-up after the fact.",
        discussion: """
            For a partner who registered late, or an ID that was mistyped. A record of kind adjustment is added that refers to \
            the receipt; the sign-up's own record stays as it is, and counts show both. A second adjustment replaces the first; \
            --withdraw takes it back. What a sign-up was attributed to when it came is not taken away.
            """
    )

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: "The receipt of the sign-up.")
    var receipt: String

    @Option(help: ArgumentHelp("Who is to be attributed.", valueName: "id"))
    var partner: String?

    @Flag(help: "Take an earlier adjustment back.")
    var withdraw = false

    @Option(help: ArgumentHelp("Why; kept in the record.", valueName: "text"))
    var note: String

    @Flag(help: "Print the new record's receipt as JSON.")
    var json = false

    func validate() throws {
        guard (partner == nil) == withdraw else { throw ValidationError("Give either --partner or --withdraw.") }
    }

    func run() async throws {
        let signup = try LogFilterOptions.receipt(receipt)
        let partner = try partner.map(PartnerConsole.partnerID)
        let order = AdjustmentOrder(partner: partner?.description, note: note)
        let adjustment = Adjustment(of: signup, partner: partner, note: note, by: FolderChanges.caller)
        let report = try await FolderChanges(folder: try await folder.dataPath()).make(
            throughServer: { try await $0.adjust(signup, order) },
            directly: { office, lock in
                let time = Timestamp.now
                let reader = try LedgerReader.open(folder: lock.folder)
                let draft = try adjustment.notedDraft(reader, office, receipt: .random(at: time), time: time)
                // The node that recorded the sign-up: this ledger's.
                let node = try reader.record(receipt: signup)?.record?.text(.node) ?? "main"
                let writer = try LedgerWriter.open(folder: lock, node: node)
                let isCommitted = await writer.append(draft)
                writer.close()
                guard isCommitted else { throw AdjustmentRefusal.notCommitted }
                return AdjustmentReport(receipt: draft.receipt.description)
            })
        if json { return try PartnerConsole.printJSON(report) }
        let what = partner.map { "attributed to \($0)" } ?? "attributed to nobody any more"
        print("\(signup) is \(what), by the adjustment \(report.receipt)")
    }
}
