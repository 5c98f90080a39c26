import ArgumentParser
import Attribution
import BackOffice
import Foundation
import Office
import RouteFiles

/// `porter explain`: what Porter would do with a sign-up URL, and why.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what becomes of a sign-up URL. Nothing is recorded.",
        discussion: """
            porter explain 'https://gateway.example.com/enterprisetry.html?Partner=1234567'
            porter explain /smallbizbuy.html?Partner=xxxxx --host gateway.example.com --json

            The same functions read and judge the request as in the running server. Exit status 1 when no route matches, 2 when \
            the arguments make no request.
            """)

    @Argument(help: "An absolute http or https URL, or a path with --host.")
    var url: String

    @Option(help: ArgumentHelp("The request method. (default: GET, with --form POST)", valueName: "method"))
    var method: String?

    @Option(
        name: .customLong("header"),
        help: ArgumentHelp("A header field, such as 'Accept-Language: fr'; repeatable.", valueName: "'name: value'"))
    var headers: [String] = []

    @Option(help: ArgumentHelp("A file with a form's body (application/x-www-form-urlencoded).", valueName: "file"))
    var form: String?

    @Option(help: ArgumentHelp("The host that a path is asked of.", valueName: "name"))
    var host: String?

    @Option(help: ArgumentHelp("Judge today's directory at this time: RFC 3339, or a day. (default: now)", valueName: "time"))
    var at: String?

    @Flag(help: "Print the record's fields, and the steps of the decision, as one JSON object.")
    var json = false

    @Option(help: ArgumentHelp("The folder of route files. (default: routes)", valueName: "dir"))
    var routes: String?

    @OptionGroup var folder: DataFolderOptions

    func run() async throws {
        let settings = try await folder.configuration.settings()
        let time = try moment()
        let table = try routeTable(settings)
        let request = try request()
        let directory = try Self.directory(folder: try await folder.dataPath())
        let explained =
            switch request {
            case .success(let request): explain(request, routes: table, directory: directory, time: time, receipt: .zero)
            case .failure(let refusal): ExplainedDecision(refusal)
            }
        let explanation = Explanation(explained)
        print(json ? explanation.json : explanation.text(directory: directory))
        if case .refusal(.notFound) = explanation.decision.answer { throw ExitCode(CommandFailure.answerIsNo) }
    }

    private func routeTable(_ settings: Settings) throws -> RouteTable {
        let path = try settings.string("routes", flag: routes, default: "routes")
        return try RouteFolder.load(path: path, ownHosts: settings.strings("host", flags: [])).table
    }

    private func request() throws -> Result<SignupRequest, Refusal> {
        try ExplainedRequest(
            url: RawArguments.bytes(of: url),
            method: method,
            headers: headers.map(RawArguments.bytes),
            form: form.map(Self.contents),
            host: host
        ).read()
    }

    private func moment() throws -> Timestamp {
        guard let at else { return .now }
        guard let time = Timestamp(rfc3339: at) else {
            throw CommandFailure(
                message: "--at is \(at.debugDescription), and must be a time such as 2016-10-03T08:00:00Z, or a day",
                exitCode: CommandFailure.badRequest)
        }
        return time
    }

    private static func contents(of path: String) throws -> [UInt8] {
        try InputFile.bytes(of: path, limit: RequestLimits.bodyBytes, called: "the form \(path)")
    }

    /// Today's directory; the empty one where there is none yet.
    static func directory(folder: String) throws -> PartnerDirectory {
        guard FileManager.default.fileExists(atPath: "\(folder)/\(Office.fileName)") else {
            PartnerConsole.warn(
                "there is no partner directory in the data folder \(folder): every ID is unknown; name it with --data")
            return PartnerDirectory()
        }
        return try Office.openReadOnly(folder: folder).currentDirectory()
    }
}
