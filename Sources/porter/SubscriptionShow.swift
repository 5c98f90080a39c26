import ArgumentParser
import Attribution
import BackOffice
import Ledger
import Office
import Subscriptions

/// `porter subscription show ID`
struct SubscriptionShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print a subscription, the history of its partner of record, what partners are told, and its receipts.",
        discussion: "Exit status 1 when the provider told of no such subscription.")

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: "The subscription's ID, as the provider calls it.")
    var id: String

    @Flag(help: "Print a JSON object.")
    var json = false

    private static let mostChanges = 1_000
    private static let mostReceipts = 100
    private static let mostNotices = 1_000

    func run() async throws {
        let dataPath = try await folder.dataPath()
        let office = try Office.openReadOnly(folder: dataPath)
        guard let subscription = try office.subscription(id) else {
            throw CommandFailure(message: "\(SubscriptionRefusal.unknown(id))", exitCode: CommandFailure.answerIsNo)
        }
        await ReadNote.write(.subscriptionRead, id, folder: dataPath)
        let found = SubscriptionCase(
            subscription: SubscriptionDocument(subscription, at: .now),
            history: try office.associations(of: id, limit: Self.mostChanges).map { AssociationDocument($0) },
            receipts: try office.toldReceipts(of: id, limit: Self.mostReceipts).map { ToldReceiptDocument($0) },
            notices: try Outbox(office: office).entries(ofSubscription: id, limit: Self.mostNotices).map { NoticeDocument($0) })
        if json { return try PartnerConsole.printJSON(found) }
        print(SubscriptionConsole.line(found.subscription))
        print("portal \(found.subscription.portal.rawValue)")
        for change in found.history { print(TerminalText.escaped(Self.line(change), maximumCharacters: .max)) }
        for notice in found.notices {
            let error = notice.lastError.map { ": \($0)" } ?? ""
            let line = "mail to \(notice.partner)  \(notice.time)  \(notice.kind.rawValue): \(notice.state.rawValue)\(error)"
            print(TerminalText.escaped(line, maximumCharacters: .max))
        }
        for receipt in found.receipts {
            print(
                TerminalText.escaped(
                    "event \(receipt.event)  \(receipt.time)  receipt \(receipt.claimed ?? "-"): \(receipt.finding.rawValue)",
                    maximumCharacters: .max))
        }
    }

    /// `#2  2016-10-03T08:00:00.000000Z  1234567, program sell, evidence digital, in place of 2345678  by admin (anna)  note: asked`
    private static func line(_ change: AssociationDocument) -> String {
        var what = change.replaces.map { "removed \($0)" } ?? "left without"
        if let partner = change.partner {
            let program = change.program.map { "program \($0.rawValue)" } ?? "in no program"
            what = "\(partner), \(program), evidence \(change.evidence?.rawValue ?? "-")"
            // The same in both when only program or evidence have changed.
            if let replaced = change.replaces, replaced != partner { what += ", in place of \(replaced)" }
        }
        let line = "#\(change.number)  \(change.time)  \(what)  by \(change.by.rawValue) (\(change.actor))"
        let rest = [
            change.signup.map { "sign-up \($0)" }, change.conflict.map { "decision on conflict \($0)" },
            change.note.map { "note: \($0)" },
            change.isRecorded ? nil : "not in the ledger yet",
        ]
        return ([line] + rest.compactMap(\.self)).joined(separator: "  ")
    }
}
