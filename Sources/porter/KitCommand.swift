import ArgumentParser
import Attribution
import DeploymentKit
import RouteFiles

/// `porter kit`: what gets sign-ups to arrive with the right ID from the right servers.
struct KitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kit",
        abstract: "Make the files that prepare a reference image for one partner, and check a server's registry.",
        discussion: """
            porter kit 1234567 --format cmd --output kit.cmd
            porter kit 1234567 --agreement mosra --gateway https://gateway.example.com --campaign spring --format reg -o kit.reg
            porter kit 2345678 --agreement mosra --gateway https://gateway.example.com --sign --until 2031-12-31 -o kit.reg
            porter kit check mso.reg --gateway https://gateway.example.com
            """,
        subcommands: [KitMake.self, KitCheck.self],
        defaultSubcommand: KitMake.self
    )

    /// Routes, directory and time by which the kit commands judge sign-ups.
    static func judge(_ settings: Settings, dataPath: String, routes: String?, at time: Timestamp) throws -> SignupJudge {
        let path = try settings.string("routes", flag: routes, default: "routes")
        return SignupJudge(
            routes: try RouteFolder.load(path: path, ownHosts: settings.strings("host", flags: [])).table,
            directory: try ExplainCommand.directory(folder: dataPath),
            time: time)
    }
}
