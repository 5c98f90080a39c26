package import Attribution

/// Judges what servers would send, by the function that judges what they do send.
package struct SignupJudge: Sendable {
    package let routes: RouteTable
    package let directory: PartnerDirectory
    /// When the sign-ups would come.
    package let time: Timestamp

    package init(routes: RouteTable, directory: PartnerDirectory, time: Timestamp) {
        self.routes = routes
        self.directory = directory
        self.time = time
    }

    func verdict(on url: OpenedURL) -> SignupVerdict {
        SignupVerdict(decide(url.request, routes: routes, directory: directory, time: time, receipt: .zero))
    }

    /// The routes that are one of the module's endpoints, in the order of their names.
    var endpointRoutes: [Route] { routes.routes.filter { $0.endpoint != nil } }
}
