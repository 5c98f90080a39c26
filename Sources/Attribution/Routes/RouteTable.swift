/// All routes, ready to be looked up by path and host. An immutable snapshot, swapped whole.
package struct RouteTable: Sendable {
    /// In the order of their names.
    package let routes: [Route]
    /// The operator's host names (`--host`), which records may hold beside those of the routes.
    package let ownHosts: Set<String>
    private let ownNames: HostNames
    private let tree: PathTree

    /// The routes' paths must not overlap on overlapping hosts: the route files are checked for that. If they do, the first
    /// route by name wins.
    package init(routes: [Route], ownHosts: Set<String> = []) {
        self.routes = routes.sorted { $0.name < $1.name }
        self.ownHosts = Set(ownHosts.map(HostName.normalized(_:)))
        ownNames = HostNames(self.ownHosts.sorted())
        tree = PathTree(self.routes)
    }

    /// The route that a path leads to.
    package struct Match {
        /// The route whose path and host fit.
        package let route: Route
        /// What stood in the path in place of `{partner}`, decoded; nil when a literal path matched.
        package let partner: ArraySlice<UInt8>?
    }

    /// - Parameter host: normalised (``HostName``) but for the case of its letters; nil when the client named none, which only
    ///   routes without hosts match.
    package func match(_ path: RequestPath, host: ArraySlice<UInt8>?) -> Match? {
        guard let (route, partnerSegment) = tree.find(path, host: host) else { return nil }
        return Match(route: route, partner: partnerSegment.map { path[$0] })
    }

    /// The host as a record may name it: only names that the operator wrote down. What else a client puts into `Host` would let
    /// it fill the log with words of its own.
    func recordedHost(_ host: ArraySlice<UInt8>, of route: Route) -> String? {
        route.hostNames.find(host.span) ?? ownNames.find(host.span)
    }
}
