import ArgumentParser
import Attribution
import BackOffice
import Office

/// `porter partner key`: what partners' links are signed with.
struct PartnerKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make, list and retire the keys that a partner's links are signed with.",
        discussion: """
            A route with `partner.signature: require` attributes only sign-ups over links that one of the partner's keys has \
            signed. A partner has at most \(LinkKey.mostInForce) keys in force: to replace one, add the next, sign links with it, \
            and retire the old one when its links have ended. A running server applies changes at once. How links are signed is \
            in the article SignedLinks.
            """,
        subcommands: [PartnerKeyAdd.self, PartnerKeyList.self, PartnerKeyRetire.self]
    )
}

/// `porter partner key add ID`
struct PartnerKeyAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Make a key and print it, this once.")

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: ArgumentHelp("The Partner ID (MPN ID).", valueName: "id"))
    var id: String

    @Flag(help: "Print the key as a JSON object.")
    var json = false

    func run() async throws {
        let partner = try PartnerConsole.partnerID(id)
        let source = "key added by \(FolderChanges.userName)"
        let key = try await FolderChanges(folder: try await folder.dataPath()).make(
            throughServer: { try await $0.addLinkKey(for: partner, source: source) },
            directly: { office, _ in
                let (key, secret) = try office.addLinkKey(
                    for: partner, source: source, by: FolderChanges.caller, at: .now)
                return PartnerKeyDocument(key, secret: secret)
            })
        if json { return try PartnerConsole.printJSON(key) }
        // Alone on its line, so that a script can take it.
        print(key.secret ?? "")
        StandardStream.error.write(
            "key \(key.id) of partner \(partner), in force from directory version \(key.sinceVersion); it is not shown again\n")
    }
}

/// `porter partner key list ID`
struct PartnerKeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List a partner's keys, those that are retired too, without their secrets.")

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: ArgumentHelp("The Partner ID (MPN ID).", valueName: "id"))
    var id: String

    @Flag(help: "Print the keys as a JSON array.")
    var json = false

    func run() async throws {
        let partner = try PartnerConsole.partnerID(id)
        let dataPath = try await folder.dataPath()
        let office = try Office.openReadOnly(folder: dataPath)
        guard try office.partner(partner) != nil else {
            throw CommandFailure(
                message: "partner \(partner) is not in the directory", exitCode: CommandFailure.answerIsNo)
        }
        let keys = try office.linkKeys(of: partner)
        await ReadNote.write(.partnerRead, "\(partner), its keys", folder: dataPath)
        if json { return try PartnerConsole.printJSON(keys.map { PartnerKeyDocument($0) }) }
        if keys.isEmpty { print("no keys; make one with `porter partner key add \(partner)`") }
        for key in keys {
            let end = key.until.map { "retired \($0.learnedAt)" } ?? "in force"
            print("\(key.number)  made \(key.since.learnedAt)  \(end)")
        }
    }
}

/// `porter partner key retire ID KEY`
struct PartnerKeyRetire: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire", abstract: "End a key at once: no link is valid by it any more.")

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: ArgumentHelp("The Partner ID (MPN ID).", valueName: "id"))
    var id: String

    @Argument(help: "The key's number, as `porter partner key list` says.")
    var key: Int64

    func run() async throws {
        let partner = try PartnerConsole.partnerID(id)
        let source = "key retired by \(FolderChanges.userName)"
        try await FolderChanges(folder: try await folder.dataPath()).make(
            throughServer: { try await $0.retireLinkKey(key, of: partner, source: source) },
            directly: { office, _ in
                try office.retireLinkKey(key, of: partner, source: source, by: FolderChanges.caller, at: .now)
                return ()
            })
        print("key \(key) of partner \(partner) retired")
    }
}
