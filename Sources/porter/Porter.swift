import ArgumentParser
import Foundation

/// The program: one command with the rooms' commands below it.
@main
struct Porter: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "porter",
        abstract: "The doorkeeper between Windows Server Essentials and the service provider.",
        discussion: """
            A server's Office 365 Integration Module opens a sign-up URL with the partner-of-record ID that an OEM or a \
            partner put into the registry. Porter checks the ID, writes the attribution to a durable log, and redirects the \
            customer to the provider's sign-up page.

            Options can also be environment variables (PORTER_DATA for --data) or keys of porter.yaml; flags win.
            Exit status: 0 done, 1 the answer is no, 2 a request that makes no sense, 64 bad arguments.
            """,
        version: Self.version,
        subcommands: [
            ServeCommand.self, ExplainCommand.self, RoutesCommand.self, PartnerCommand.self, LogCommand.self, CountsCommand.self,
            ProbeCommand.self, KitCommand.self, UserCommand.self, TokenCommand.self,
            SubscriptionCommand.self,
        ]
    )

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            guard let failure = failure(of: error) else { exit(withError: error) }
            StandardStream.error.write("error: \(failure.message)\n")
            Foundation.exit(failure.exitCode)
        }
    }

    /// What an error comes to; nil for those that the argument parser made, which it tells itself.
    ///
    /// Errors that no room foresaw are no answer to anything: their status is not that of a no.
    static func failure(of error: any Error) -> CommandFailure? {
        if let failure = CommandFailure(error) { return failure }
        guard !(error is ExitCode), exitCode(for: error) == .failure else { return nil }
        let line = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
        return CommandFailure(
            message: "\(line); try again, and report it when it stays", exitCode: CommandFailure.badRequest)
    }
}
