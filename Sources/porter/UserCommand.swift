import ArgumentParser
import Attribution
import BackOffice
import Foundation
import Office

/// `porter user`: who may sign in to the back office.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Say who may sign in to the back office.",
        discussion: """
            Roles: marketing sees counts, no record and no personal data; auditor also records and partners; admin also changes \
            partners, users and tokens, and adjusts records.
            """,
        subcommands: [UserAdd.self, UserList.self, UserSet.self, UserRemove.self]
    )
}

/// `porter user add NAME --role ROLE`
struct UserAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a user.",
        discussion: """
            The password is asked for on the terminal, or read from standard input as one line. It has at least \
            \(PasswordRule.minimumCharacters) characters and is none of those that are tried first.
            """
    )

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: "What is typed to sign in: an address of mail or a short name.")
    var name: String

    @Option(help: "marketing, auditor or admin.")
    var role: String

    func run() async throws {
        let name = try User.checkedName(name)
        let role = try UserConsole.role(role)
        let password = try UserConsole.newPassword(of: name)
        _ = try await FolderChanges(folder: try await folder.dataPath()).make(
            throughServer: { try await $0.addUser(UserOrder(name: name, role: role, password: password)) },
            directly: { office, _ in
                UserDocument(
                    try office.addUser(
                        name: name, role: role, password: try .make(of: password), by: FolderChanges.caller, at: .now))
            })
        print("user \(name) added, \(role.rawValue)")
    }
}

/// `porter user list`
struct UserList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the users.")

    @OptionGroup var folder: DataFolderOptions

    @Flag(help: "Print the users as a JSON array.")
    var json = false

    func run() async throws {
        let users = try Office.openReadOnly(folder: try await folder.dataPath()).users()
        if json { return try PartnerConsole.printJSON(users.map(UserDocument.init)) }
        if users.isEmpty { print("no users; add the first with `porter user add NAME --role admin`") }
        let width = users.map(\.name.count).max() ?? 0
        for user in users {
            let padding = String(repeating: " ", count: width - user.name.count)
            let seen = user.lastSignInAt.map { "last signed in \($0)" } ?? "never signed in"
            print("\(user.name)\(padding)  \(user.isDisabled ? "disabled" : user.role.rawValue)  \(seen)")
        }
    }
}

/// `porter user set NAME`
struct UserSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change a user's role or password, or whether they may sign in.",
        discussion: "A new password, and being disabled, end all sessions of the user."
    )

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: "The user's name.")
    var name: String

    @Option(help: "marketing, auditor or admin.")
    var role: String?

    @Flag(help: "Ask for a new password, or read it from standard input.")
    var password = false

    @Flag(inversion: .prefixedNo, help: "Whether the user may sign in.")
    var enabled: Bool?

    func validate() throws {
        guard role != nil || password || enabled != nil else {
            throw ValidationError("Give --role, --password, --enabled or --no-enabled.")
        }
    }

    func run() async throws {
        let name = try User.checkedName(name)
        var order = UserOrder(role: try role.map { try UserConsole.role($0) }, disabled: enabled.map(!))
        if password { order.password = try UserConsole.newPassword(of: name) }
        let change = order
        _ = try await FolderChanges(folder: try await folder.dataPath()).make(
            throughServer: { try await $0.changeUser(name, change) },
            directly: { office, _ in
                let password = try change.password.map { try PasswordHash.make(of: $0) }
                let user = try office.changeUser(name, password: password, by: FolderChanges.caller, at: .now) { user in
                    if let role = change.role { user.role = role }
                    if let isDisabled = change.disabled { user.isDisabled = isDisabled }
                }
                return UserDocument(user)
            })
        print("user \(name) changed")
    }
}

/// `porter user remove NAME`
struct UserRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Remove a user, with all sessions.")

    @OptionGroup var folder: DataFolderOptions

    @Argument(help: "The user's name.")
    var name: String

    func run() async throws {
        let name = try User.checkedName(name)
        try await FolderChanges(folder: try await folder.dataPath()).make(
            throughServer: { try await $0.removeUser(name) },
            directly: { office, _ in try office.removeUser(name, by: FolderChanges.caller, at: .now) })
        print("user \(name) removed")
    }
}

/// What the commands about users and tokens read and write alike.
enum UserConsole {
    /// - Parameter roles: those that may be given.
    static func role(_ text: String, of roles: [Role] = Role.ofUsers) throws -> Role {
        guard let role = Role(rawValue: text.lowercased()), roles.contains(role) else {
            let words = roles.map(\.rawValue)
            throw CommandFailure(
                message: "--role is \(PartnerText.quoted(text)), "
                    + "expected \(words.dropLast().joined(separator: ", ")) or \(words.last ?? "")",
                exitCode: CommandFailure.badRequest)
        }
        return role
    }

    /// Asks twice on a terminal; reads one line where there is none.
    static func newPassword(of name: String) throws -> String {
        let password: String
        if let terminal = PasswordTerminal() {
            let answers = try terminal.ask("Password for \(name): ", "The same again: ")
            guard answers[0] == answers[1] else {
                throw CommandFailure(message: "the two passwords differ; try again", exitCode: CommandFailure.badRequest)
            }
            password = answers[0]
        } else {
            password = readLine() ?? ""
        }
        if let fault = PasswordRule.fault(of: password, userName: name) {
            throw CommandFailure(
                message: "the password is not taken: \(fault.text); choose another, such as four words that nobody guesses",
                exitCode: CommandFailure.badRequest)
        }
        return password
    }
}
