import ArgumentParser
import Attribution
import BackOffice
import Office
import Subscriptions

/// `porter subscription list`
struct SubscriptionList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List subscriptions, by ID, with their partners of record.")

    @OptionGroup var folder: DataFolderOptions

    @Option(help: "Only those of this tenant.")
    var tenant: String?

    @Option(help: ArgumentHelp("Only those of this partner of record.", valueName: "id"))
    var partner: String?

    @Option(help: ArgumentHelp("Only this product.", valueName: "office-365|crm|intune|aadp"))
    var product: String?

    @Flag(help: "Only those that have no partner of record and could have one.")
    var withoutPartner = false

    @Flag(help: "Print a JSON array.")
    var json = false

    /// Read at once; there may be more than fit into memory.
    private static let portion = 1_000

    func run() async throws {
        var search = SubscriptionSearch()
        search.tenant = tenant
        search.partner = try partner.map(PartnerConsole.partnerID)
        search.product = try product.map { try SubscriptionText.word($0, "--product") }
        search.withoutPartner = withoutPartner
        let dataPath = try await folder.dataPath()
        let office = try Office.openReadOnly(folder: dataPath)
        await ReadNote.write(.subscriptionRead, "list", folder: dataPath)
        var all: [SubscriptionDocument] = []
        while true {
            let page = try office.subscriptions(search, limit: Self.portion)
            let documents = page.map { SubscriptionDocument($0, at: .now) }
            if json { all += documents } else { for document in documents { print(SubscriptionConsole.line(document)) } }
            guard page.count == Self.portion, let last = page.last else { break }
            search.after = last.id
        }
        if json { try PartnerConsole.printJSON(all) }
    }
}
