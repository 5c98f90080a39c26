package import Attribution
internal import Crypto

/// The folder of route files: one route in each `*.yaml` or `*.yml`, hidden files passed over.
package enum RouteFolder {
    /// Bytes of one file. A route of a hundred parameters has under 10 KB.
    package static let maximumFileBytes = 65_536
    /// Far beyond any operator's catalogue of sign-up URLs; bounds what a wrong folder costs.
    package static let maximumFiles = 1_000

    /// All routes of a folder, or everything that is wrong with them.
    ///
    /// - Parameter ownHosts: host names of the operator's beyond those of the routes (`--host`).
    /// - Throws: ``RouteFileErrors`` when anything is wrong with any of the files, or when there is none.
    package static func load(path: String, ownHosts: some Sequence<String> = []) throws(RouteFileErrors) -> LoadedRoutes {
        let names: [String]
        do throws(RouteMistake) {
            names = try fileNames(in: path)
        } catch {
            throw RouteFileErrors([error])
        }
        var files: [RouteFile] = []
        var mistakes: [RouteMistake] = []
        for name in names {
            let file = join(path, name)
            do throws(FileFailure) {
                files.append(RouteFile(file: file, text: try readFile(file, upTo: maximumFileBytes)))
            } catch {
                mistakes.append(RouteMistake(file: file, position: .start, message: error.inWords))
            }
        }
        return try parse(files, ownHosts: ownHosts, besides: mistakes)
    }

    /// Routes out of texts instead of files.
    package static func parse(
        _ files: [RouteFile], ownHosts: some Sequence<String> = []
    ) throws(RouteFileErrors) -> LoadedRoutes {
        try parse(files, ownHosts: ownHosts, besides: [])
    }

    private static func parse(
        _ files: [RouteFile], ownHosts: some Sequence<String>, besides fileMistakes: [RouteMistake]
    ) throws(RouteFileErrors) -> LoadedRoutes {
        var drafts: [RouteDraft] = []
        var sources: [RouteSource] = []
        var mistakes = fileMistakes
        for file in files.sorted(by: { $0.file.utf8.lexicographicallyPrecedes($1.file.utf8) }) {
            let version = version(of: file.text)
            let (draft, found) = RouteFileReader.read(file: file.file, version: version, text: file.text)
            drafts.append(draft)
            mistakes += found
            guard let name = draft.name?.value else { continue }
            sources.append(
                RouteSource(name: name, version: version, text: String(decoding: file.text, as: UTF8.self), file: file.file))
        }
        mistakes += RouteComparison.mistakes(among: drafts)
        guard mistakes.isEmpty else { throw RouteFileErrors(mistakes) }
        let table = RouteTable(routes: drafts.compactMap(\.route), ownHosts: Set(ownHosts.map { HostName.normalized($0) }))
        return LoadedRoutes(table: table, sources: sources)
    }

    private static func version(of text: [UInt8]) -> String {
        SHA256.hash(data: text).prefix(8).map { byte in
            let hex = String(byte, radix: 16)
            return hex.count == 1 ? "0" + hex : hex
        }.joined()
    }

    // MARK: Names

    /// The route files' names, in their order.
    private static func fileNames(in path: String) throws(RouteMistake) -> [String] {
        let all: [String]
        do throws(FileFailure) {
            all = try namesInFolder(path)
        } catch {
            throw RouteMistake(
                file: path, position: nil, message: "the folder of route files \(error.inWords) (--routes names the folder)")
        }
        let names = all.filter(isRouteFileName)
        guard !names.isEmpty else {
            throw RouteMistake(
                file: path, position: nil, message: "the folder holds no route file, expected at least one *.yaml or *.yml")
        }
        guard names.count <= maximumFiles else {
            throw RouteMistake(
                file: path, position: nil,
                message: "the folder holds \(names.count) route files, expected at most \(maximumFiles)")
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    static func isRouteFileName(_ name: String) -> Bool {
        !name.hasPrefix(".") && (name.hasSuffix(".yaml") || name.hasSuffix(".yml"))
    }

    static func join(_ folder: String, _ name: String) -> String {
        folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }
}

/// A route file's bytes and what it is called in messages.
package struct RouteFile: Sendable {
    package let file: String
    package let text: [UInt8]

    package init(file: String, text: [UInt8]) {
        self.file = file
        self.text = text
    }
}

/// Routes ready to be served, and the files they come from.
package struct LoadedRoutes: Sendable {
    package let table: RouteTable
    /// In the order of the files' names.
    package let sources: [RouteSource]
}
