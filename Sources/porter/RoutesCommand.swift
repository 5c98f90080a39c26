import ArgumentParser
import BackOffice
import Foundation
import RouteFiles

/// `porter routes`: what the route files say, and whether they are right.
struct RoutesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes",
        abstract: "Check, list and reload the route files.",
        discussion: """
            A route is one sign-up URL: what it matches, whom it attributes, where it redirects. Each is a YAML file in the \
            folder; routes/README.md explains every key.
            """,
        subcommands: [Check.self, List.self, Reload.self]
    )
}

extension RoutesCommand {
    /// `porter routes check`
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell everything that is wrong with the route files.",
            discussion: """
                porter routes check --routes /etc/porter/routes

                Prints each mistake as file:line:column: what is wrong, and what is expected. A running server keeps the \
                routes it has while any file is wrong, so check before you reload. Exit status 1 when something is wrong.
                """)

        @OptionGroup var folder: RoutesOptions

        @Flag(help: "Print the answer as one JSON object.")
        var json = false

        func run() async throws {
            let path = try await folder.routesPath()
            do {
                let loaded = try RouteFolder.load(path: path)
                print(json ? RoutesReport.json(count: loaded.sources.count) : RoutesReport.text(count: loaded.sources.count))
            } catch {
                if json {
                    print(RoutesReport.json(mistakes: error.mistakes))
                } else {
                    // A mistake in a file is told as a compiler would, so that an editor can jump to it.
                    let lines = error.mistakes.map { ($0.position == nil ? "error: " : "") + $0.description + "\n" }
                    StandardStream.error.write(lines.joined())
                }
                throw ExitCode(CommandFailure.answerIsNo)
            }
        }
    }

    /// `porter routes list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the routes: names, paths, hosts, endpoints, origins, destinations.",
            discussion: "Exit status 1, with every mistake told, when the route files are wrong.")

        @OptionGroup var folder: RoutesOptions

        @Flag(help: "Print a JSON array with one object per route.")
        var json = false

        func run() async throws {
            let path = try await folder.routesPath()
            do {
                let rows = RouteRow.rows(of: try RouteFolder.load(path: path))
                print(json ? RouteRow.json(rows) : RouteRow.table(rows))
            } catch {
                throw CommandFailure(error, exitCode: CommandFailure.answerIsNo)
            }
        }
    }
}

extension RoutesCommand {
    /// `porter routes reload`
    struct Reload: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have the running server read its route files and certificates again, and say what came of it.",
            discussion: """
                porter routes reload --data /var/lib/porter

                A server picks changed files up by itself within a second; this waits until they are in force, or tells here \
                what is wrong with them. When anything is wrong, what was in force stays, and the exit status is 2.
                """)

        @OptionGroup var folder: DataFolderOptions

        func run() async throws {
            let path = try await folder.dataPath()
            do {
                let report = try await FolderChanges(folder: path).ask { try await $0.reload() }
                print(report.lines.joined(separator: "\n"))
            } catch is ControlClient.NoServer {
                throw CommandFailure(
                    message: "no server runs on the data folder \(path), so there is nothing to reload; "
                        + "name its folder with --data",
                    exitCode: CommandFailure.badRequest)
            }
        }
    }
}
