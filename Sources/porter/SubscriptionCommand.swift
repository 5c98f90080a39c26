import ArgumentParser
import Attribution
import BackOffice
import Ledger
import Logging
import Office
import Subscriptions

/// `porter subscription`: what became of sign-ups, and who is partner of record.
struct SubscriptionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "subscription",
        abstract: "Import, look at and change subscriptions' partners of record.",
        discussion: """
            The provider tells of subscriptions through the API, or by a CSV. One whose receipt is that of an attributed sign-up gets \
            its partner of record from it. Each change is a record in the ledger.
            """,
        subcommands: [
            SubscriptionImport.self, SubscriptionList.self, SubscriptionShow.self, SubscriptionSetPartner.self,
            SubscriptionRemovePartner.self, SubscriptionLink.self, SubscriptionEndLinks.self,
        ]
    )
}

/// What the subscription commands do and print alike.
enum SubscriptionConsole {
    /// Makes a change without a server, and has the ledger get its record before it returns.
    static func change<Value: Sendable>(
        _ office: Office, _ lock: DataFolderLock, _ work: (Office, LedgerReader) throws -> Value
    ) async throws -> Value {
        let writer = try LedgerWriter.open(folder: lock, node: try node(in: lock.folder))
        defer { writer.close() }
        let reader = try LedgerReader.open(folder: lock.folder)
        let value = try work(office, reader)
        let outbox = AssociationOutbox(
            unrecorded: { try office.unrecordedAssociations(limit: AssociationOutbox.portion) },
            isInLedger: { try reader.record(receipt: $0) != nil },
            append: { await writer.append($0) },
            markRecorded: { try office.markRecorded($0) },
            backlog: { try office.associationBacklog() },
            now: { .now },
            // What a command has to say it says in one line of its own.
            logger: Logger(label: "porter") { _ in SwiftLogNoOpLogHandler() })
        let isRecorded = await outbox.drain()
        if !isRecorded {
            PartnerConsole.warn(
                "what was changed stands, and the ledger does not have all changes yet; the next start hands them over, and its "
                    + "log says what keeps them")
        }
        return value
    }

    /// The node that recorded last: this ledger's.
    private static func node(in folder: String) throws -> String {
        let usual = "main"
        guard FolderFiles.hasLedger(folder) else { return usual }
        let last = try LedgerReader.open(folder: folder).lastRecords(1, matching: RecordFilter()).first
        return last?.record?.text(.node) ?? usual
    }

    /// `1234567, program sell, evidence digital`
    static func partner(of document: SubscriptionDocument) -> String {
        guard let partner = document.partner else {
            return document.isEditable ? "no partner of record" : "can have no partner of record: sold by a syndicator"
        }
        let program = document.program.map { "program \($0.rawValue)" } ?? "in no program"
        let counts = document.counts ? "" : ", does not count now"
        return "\(partner), \(program), evidence \(document.evidence?.rawValue ?? "-")\(counts)"
    }

    /// One line of a list. The provider's texts may be anything that is plain: they are escaped for the terminal.
    static func line(_ document: SubscriptionDocument) -> String {
        TerminalText.escaped(
            "\(document.id)  \(document.product.rawValue)  \(document.channel.rawValue)  \(document.seats)  \(document.tenant)  "
                + partner(of: document), maximumCharacters: .max)
    }
}
