package import Attribution

/// All that decisions and answers are made from, swapped whole. A class, so that swapping is one store per event loop.
package final class Snapshot: Sendable {
    package let routes: RouteTable
    package let directory: PartnerDirectory
    package let pages: ErrorPages

    package init(routes: RouteTable, directory: PartnerDirectory, pages: ErrorPages) {
        self.routes = routes
        self.directory = directory
        self.pages = pages
    }
}
