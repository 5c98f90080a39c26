import Attribution
import Logging
import Office
import RouteFiles

/// The route files of a running server: loaded at start, looked at every second, loaded again when they change.
struct RouteWatch {
    let path: String
    let ownHosts: [String]
    let office: Office
    let logger: Logger
    private var seen: RouteFolderFingerprint?

    init(path: String, ownHosts: [String], office: Office, logger: Logger) {
        self.path = path
        self.ownHosts = ownHosts
        self.office = office
        self.logger = logger
    }

    /// - Throws: ``CommandFailure`` with every mistake.
    mutating func load() throws -> RouteTable {
        seen = RouteFolder.fingerprint(path: path)
        let loaded = try RouteFolder.load(path: path, ownHosts: ownHosts)
        try keepVersions(of: loaded)
        return loaded.table
    }

    enum Result {
        case unchanged
        case loaded(RouteTable)
        /// Every mistake; the old table stays.
        case refused([String])
    }

    /// Loads the files again when they changed, or when asked to anyway.
    mutating func reload(evenIfUnchanged: Bool) -> Result {
        let now = RouteFolder.fingerprint(path: path)
        guard evenIfUnchanged || now != seen else { return .unchanged }
        seen = now
        do {
            let loaded = try RouteFolder.load(path: path, ownHosts: ownHosts)
            try keepVersions(of: loaded)
            logger.info("routes reloaded", metadata: ["routes": "\(loaded.table.routes.count)"])
            return .loaded(loaded.table)
        } catch let errors as RouteFileErrors {
            return refused(errors.mistakes.map(\.description))
        } catch {
            return refused(["the versions of the route files can't be kept: \(error)"])
        }
    }

    private func refused(_ mistakes: [String]) -> Result {
        for mistake in mistakes { logger.error("route file refused", metadata: ["mistake": "\(mistake)"]) }
        logger.error("routes not reloaded, the old ones stay", metadata: ["mistakes": "\(mistakes.count)"])
        return .refused(mistakes)
    }

    /// Records name a version: its text must be found later.
    private func keepVersions(of loaded: LoadedRoutes) throws {
        let versions = loaded.sources.map { RouteVersion(version: $0.version, name: $0.name, source: $0.text) }
        try office.recordRouteVersions(versions, at: .now)
    }
}
