import ArgumentParser
import Attribution
import BackOffice
import DeploymentKit
import Office
import Subscriptions

/// `porter subscription link ID`
struct SubscriptionLink: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link", abstract: "Make a link by which the customer says who is partner of record.",
        discussion: """
            Whoever has the link can set and remove the partner of record of this one subscription, without an account, until \
            it ends: send it to the customer and to nobody else. `porter subscription end-links` ends all links at once.
            """)

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: "The subscription's ID, as the provider calls it.")
    var id: String

    @Option(
        help: ArgumentHelp(
            "For how many days it holds, at most \(CustomerLink.maximumDays). (default: \(CustomerLink.usualDays))",
            valueName: "days"))
    var days: Int?

    @Option(
        help: ArgumentHelp(
            "Where customers reach the front door, such as https://gateway.example.com. (default: https and the first --host)",
            valueName: "url"))
    var gateway: String?

    @Flag(help: "Print a JSON object.")
    var json = false

    func run() async throws {
        let days = days ?? CustomerLink.usualDays
        let named = try gateway.map { try GatewayURL($0) }
        let hosts = try await folder.configuration.settings().strings("host", flags: [])
        // Of a server that runs, its own name goes before that in a file.
        let proposed = hosts.first.flatMap { try? GatewayURL("https://\($0)") }?.description
        let made = try await FolderChanges(folder: try await folder.dataPath()).make(
            throughServer: { try await $0.issueLink(to: id, days: days) },
            directly: { office, _ in
                CustomerLinkDocument(
                    try office.issueCustomerLink(to: id, days: days, by: FolderChanges.caller, at: .now), gateway: nil)
            })
        let url = named.map { $0.description + made.path } ?? made.url ?? proposed.map { $0 + made.path }
        let document = CustomerLinkDocument(made, url: url)
        if json { return try PartnerConsole.printJSON(document) }
        // Alone on its line, so that a script can take it.
        print(document.url ?? document.path)
        StandardStream.error.write("subscription \(document.subscription), until \(document.expiresAt)\n")
        if document.url == nil {
            PartnerConsole.warn("put the front door's address before it: --gateway or --host says it")
        }
    }
}

/// `porter subscription end-links`
struct SubscriptionEndLinks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "end-links", abstract: "End all customers' links at once.",
        discussion: "For when a link, or a copy of office.db, is where it should not be. Links that are made afterwards hold.")

    @OptionGroup var folder: DataFolderOptions

    func run() async throws {
        try await FolderChanges(folder: try await folder.dataPath()).make(
            throughServer: { try await $0.endLinks() },
            directly: { office, _ in
                try office.endCustomerLinks(by: FolderChanges.caller, at: .now)
                return ()
            })
        print("no customer's link holds any more")
    }
}
