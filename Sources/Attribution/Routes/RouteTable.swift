/// All routes, ready to be looked up by path and host. An immutable snapshot.
package struct RouteTable: Sendable {
    /// In the order of their names.
    package let routes: [Route]
    /// Host names of the operator's (`--host`), beyond those of the routes, that records may hold.
    package let ownHosts: Set<String>

    package init(routes: [Route], ownHosts: Set<String> = []) {
        self.routes = routes.sorted { $0.name < $1.name }
        self.ownHosts = ownHosts
    }
}
