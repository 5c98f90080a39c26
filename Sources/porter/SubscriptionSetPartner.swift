import ArgumentParser
import Attribution
import BackOffice
import Office
import Subscriptions

/// `porter subscription set-partner ID PARTNER`
struct SubscriptionSetPartner: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-partner", abstract: "Set a subscription's partner of record.",
        discussion: "`porter partner check` says whether an ID can be used, and if not, why.")

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: "The subscription's ID, as the provider calls it.")
    var id: String

    @Argument(help: ArgumentHelp("The Partner ID (MPN ID).", valueName: "partner"))
    var partner: String

    @Option(help: ArgumentHelp("One that the partner is enrolled in. (default: the first)", valueName: "sell|usage"))
    var program: String?

    @Option(help: ArgumentHelp("On what it rests. (default: digital)", valueName: "digital|osa-form"))
    var evidence: String?

    @Option(help: ArgumentHelp("Why; kept in the history.", valueName: "text"))
    var note: String?

    @Flag(help: "Print the subscription as JSON.")
    var json = false

    func run() async throws {
        let order = AssociationOrder(
            partner: try PartnerConsole.partnerID(partner),
            program: try program.map { try SubscriptionText.word($0, "--program") },
            evidence: try SubscriptionText.evidence(evidence, "--evidence"),
            note: try SubscriptionText.note(note))
        let document = try await FolderChanges(folder: try await folder.dataPath()).make(
            throughServer: {
                try await $0.setPartnerOfRecord(
                    of: id,
                    PartnerOfRecordOrder(
                        partner: order.partner.description, program: order.program?.rawValue, evidence: order.evidence.rawValue,
                        note: order.note))
            },
            directly: { office, lock in
                try await SubscriptionConsole.change(office, lock) { office, _ in
                    let subscription = try office.setPartnerOfRecord(
                        order, of: id, origin: .admin, receipt: Receipt.random(at:), by: FolderChanges.caller, at: .now)
                    return SubscriptionDocument(subscription, at: .now)
                }
            })
        if json { return try PartnerConsole.printJSON(document) }
        print(SubscriptionConsole.line(document))
    }
}

/// `porter subscription remove-partner ID`
struct SubscriptionRemovePartner: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove-partner", abstract: "Remove a subscription's partner of record.")

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: "The subscription's ID, as the provider calls it.")
    var id: String

    @Option(help: ArgumentHelp("Why; kept in the history.", valueName: "text"))
    var note: String?

    @Flag(help: "Print the subscription as JSON.")
    var json = false

    func run() async throws {
        let note = try SubscriptionText.note(note)
        let document = try await FolderChanges(folder: try await folder.dataPath()).make(
            throughServer: { try await $0.removePartnerOfRecord(of: id, note: note) },
            directly: { office, lock in
                try await SubscriptionConsole.change(office, lock) { office, _ in
                    let subscription = try office.removePartnerOfRecord(
                        of: id, note: note, origin: .admin, receipt: Receipt.random(at:), by: FolderChanges.caller, at: .now)
                    return SubscriptionDocument(subscription, at: .now)
                }
            })
        if json { return try PartnerConsole.printJSON(document) }
        print(SubscriptionConsole.line(document))
    }
}
