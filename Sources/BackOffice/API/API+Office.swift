import Attribution
import Hummingbird
import Office

extension API {
    /// | request | answer |
    /// |---|---|
    /// | `GET routes` | all routes in force |
    /// | `GET routes/{version}/source` | the route file of a version, as it was |
    /// | `GET access-log?before=&who=&limit=` | who read and changed what, the newest first |
    /// | `POST access-log` | nothing; only on the control socket: a command notes what it reads by itself, ``ReadOrder`` |
    func addOffice(to group: RouterGroup<BackOfficeContext>) {
        group.get("routes") { _, context in
            _ = try context.require(.marketing)
            return try Response(json: desks.routes().routes.map(RouteDocument.init))
        }
        group.get("routes/:version/source") { _, context in
            _ = try context.require(.marketing)
            let version = context.parameters.text("version")
            guard let source = try await desks.office({ try $0.routeSource(version: version) }) else {
                throw Problem.notFound("no route file had the version \(PartnerText.quoted(version))")
            }
            return try Response(json: ["version": version, "source": source])
        }
        group.get("access-log") { request, context in
            _ = try context.require(.admin)
            try request.requireQuery(of: ["before", "who", "limit"])
            let limit = try request.limit(default: 100, most: 1_000)
            let before = try request.sequence("before")
            let who = request.query("who")
            let entries = try await desks.office { try $0.accessLog(before: before, who: who, limit: limit + 1) }
            let page = Array(entries.prefix(limit))
            return try Response(
                json: AccessPage(
                    entries: page.map(AccessDocument.init), next: entries.count > limit ? page.last.map { String($0.id) } : nil))
        }
    }
}

extension API {
    /// What commands read without asking the server for it.
    private static let commandReads: [AccessEntry.Action] = [
        .logRead, .recordRead, .logExport, .statement, .partnerRead, .kit, .subscriptionRead,
    ]

    func addReadNotes(to group: RouterGroup<BackOfficeContext>) {
        group.post("access-log") { request, context in
            let identity = try context.require(.admin)
            guard identity.way == .command else {
                throw Problem(
                    .forbidden, type: "forbidden",
                    detail: "only the command line notes its reads; what the API reads is noted by it")
            }
            let order = try await request.json(ReadOrder.self, expected: #"a JSON object with "action" and "what""#)
            guard let action = AccessEntry.Action(rawValue: order.action), Self.commandReads.contains(action) else {
                let known = Self.commandReads.map(\.rawValue).joined(separator: ", ")
                throw Problem.invalidRequest("action is \(PartnerText.quoted(order.action)), expected one of \(known)")
            }
            try await desks.note(identity, action, order.what)
            return Response(status: .noContent)
        }
    }
}

/// What a command reads.
package struct ReadOrder: Codable, Sendable {
    package let action: String
    package let what: String

    package init(action: String, what: String) {
        self.action = action
        self.what = what
    }
}

private struct AccessPage: Encodable {
    let entries: [AccessDocument]
    let next: String?
}

private struct AccessDocument: Encodable {
    let id: Int64
    let time: String
    let who: String
    let way: String
    let action: String
    let what: String
    let address: String

    init(_ entry: AccessEntry) {
        id = entry.id
        time = entry.time.description
        who = entry.who
        way = entry.way.rawValue
        action = entry.action.rawValue
        what = entry.what
        address = entry.address
    }
}

/// A route as the API tells.
private struct RouteDocument: Encodable {
    let name: String
    let version: String
    let paths: [String]
    let origin: String
    let edition: String?
    let action: String?
    let destination: String

    init(_ route: Route) {
        name = route.name
        version = route.version
        paths = route.paths.map(\.text)
        origin = route.origin
        edition = route.endpoint?.edition.rawValue
        action = route.endpoint?.action.rawValue
        destination = route.destination.url
    }
}
