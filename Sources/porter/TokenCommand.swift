import ArgumentParser
import BackOffice
import Office

/// `porter token`: what programs sign in with.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make and revoke what programs use the API with.",
        discussion: """
            A program sends its token as `Authorization: Bearer …`. Only a hash of it is kept: it is shown once, when it is made.
            """,
        subcommands: [TokenCreate.self, TokenList.self, TokenRevoke.self]
    )
}

/// `porter token create NAME --role ROLE`
struct TokenCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a token and print it, this once.")

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: "What it is for.")
    var name: String

    @Option(help: "marketing, auditor, admin or provider.")
    var role: String

    @Option(help: ArgumentHelp("After so many days it ends.", valueName: "days"))
    var days = Token.usualDays

    @Flag(help: "Print the token as a JSON object.")
    var json = false

    func run() async throws {
        let role = try UserConsole.role(role, of: Role.allCases)
        let order = TokenOrder(name: name, role: role, days: days)
        let token = try await FolderChanges(folder: try await folder.dataPath()).make(
            throughServer: { try await $0.createToken(order) },
            directly: { office, _ in
                let (token, secret) = try office.createToken(
                    name: name, role: role, days: days, by: FolderChanges.caller, at: .now)
                return TokenDocument(token, secret: secret)
            })
        if json { return try PartnerConsole.printJSON(token) }
        // Alone on its line, so that a script can take it.
        print(token.secret ?? "")
        StandardStream.error.write("token \(token.id), \(token.role.rawValue), ends \(token.expiresAt); it is not shown again\n")
    }
}

/// `porter token list`
struct TokenList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the tokens, without their secrets.")

    @OptionGroup var folder: DataFolderOptions

    @Flag(help: "Print the tokens as a JSON array.")
    var json = false

    func run() async throws {
        let tokens = try Office.openReadOnly(folder: try await folder.dataPath()).tokens()
        if json { return try PartnerConsole.printJSON(tokens.map { TokenDocument($0) }) }
        if tokens.isEmpty { print("no tokens; make one with `porter token create NAME --role marketing`") }
        for token in tokens {
            let isOver = token.expiresAt <= .now
            let used = token.lastUsedAt.map { "last used \($0)" } ?? "never used"
            print("\(token.id)  \(token.role.rawValue)  \(token.name)  \(isOver ? "ended" : "ends") \(token.expiresAt)  \(used)")
        }
    }
}

/// `porter token revoke ID`
struct TokenRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: "End a token at once.")

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: "The token's number, as `porter token list` says.")
    var id: Int64

    func run() async throws {
        try await FolderChanges(folder: try await folder.dataPath()).make(
            throughServer: { try await $0.revokeToken(id) },
            directly: { office, _ in try office.revokeToken(id, by: FolderChanges.caller, at: .now) })
        print("token \(id) revoked")
    }
}
