import Attribution
import Hummingbird
import Office
import Subscriptions

extension Pages {
    func addSubscriptions(to group: RouterGroup<BackOfficeContext>) {
        group.get("/subscriptions") { request, context in
            let identity = try context.require(.auditor)
            return try await subscriptions(request, PageReader(request, context), identity)
        }
        group.get("/tenant") { request, context in
            let identity = try context.require(.auditor)
            return try await tenant(request, PageReader(request, context), identity)
        }
    }

    /// Who changes something about subscriptions, if they may. One who may not is in the access log, as one who calls the API is.
    ///
    /// - Throws: ``Problem`` 401 or 403.
    func requireAdmin(_ request: Request, _ context: BackOfficeContext) async throws -> Identity {
        if let identity = context.identity, identity.role < .admin {
            try await noteRefusal("wrong role", of: request.uri.path, identity)
        }
        return try context.require(.admin)
    }

    /// Answers a form that changes something. One that is refused, for whatever it says, is in the access log.
    func taking(
        _ request: Request, _ context: BackOfficeContext,
        _ take: (PageForm, PageReader, Identity) async throws -> Response
    ) async throws -> Response {
        let identity = try await requireAdmin(request, context)
        return try await desks.noting(request.uri.path, of: identity.caller) {
            try await take(try await PageForm(request, identity), PageReader(request, context), identity)
        }
    }

    /// Writes to the access log that somebody was refused a change.
    ///
    /// - Parameters:
    ///   - code: why, in a word.
    ///   - target: a subscription's ID, or a path.
    func noteRefusal(_ code: String, of target: String, _ identity: Identity) async throws {
        try await desks.subscriptions.noteRefusal("\(target): \(code)", of: identity.caller)
    }

    private static let pageSubscriptions = 50
    private static let filters = ["partner", "tenant", "product", "channel", "without-partner"]

    private func subscriptions(_ request: Request, _ reader: PageReader, _ identity: Identity) async throws -> Response {
        try request.requireQuery(of: Self.filters + ["after"])
        var search = SubscriptionSearch()
        search.tenant = request.query("tenant")
        search.product = try Self.choice("product", request)
        search.channel = try Self.choice("channel", request)
        search.withoutPartner = try request.flag("without-partner")
        search.after = request.query("after")
        if let text = request.query("partner") {
            guard let id = PartnerID(text) else {
                throw Problem.invalidRequest(
                    "partner is \(PartnerText.quoted(text)), expected a Partner ID", Sentence(askedPart: "partner"))
            }
            search.partner = id
        }
        let given = Self.filters.compactMap { name in request.query(name).map { (name: name, value: $0) } }
        var values = try await list(search, path: "/subscriptions", given, reader)
        try await desks.note(identity, .subscriptionRead, "list" + (request.uri.query.map { " " + $0 } ?? ""))
        values["open-conflicts"] = try await openConflicts(reader)
        values["has-tenants"] = true
        values["has-filter"] = !given.isEmpty
        values["filter-partner"] = search.partner?.description ?? ""
        values["filter-tenant"] = search.tenant ?? ""
        values["products"] = options(chosen: search.product) { $0.name }
        values["channels"] = options(chosen: search.channel) { sentence("channel-" + $0.rawValue, reader) }
        values["is-without-partner"] = search.withoutPartner
        return try renderer.page("subscriptions", title: "subscriptions", values, for: reader)
    }

    /// A tenant's subscriptions: each has a partner of record of its own, or lacks one.
    private func tenant(_ request: Request, _ reader: PageReader, _ identity: Identity) async throws -> Response {
        try request.requireQuery(of: ["name", "after"])
        let name = request.query("name") ?? ""
        let (counts, conflicts) = try await desks.office { office in
            (try office.subscriptionCounts(ofTenant: name), try office.openConflicts(ofTenant: name))
        }
        guard counts.all > 0 else { throw Problem.notFound("the provider told of no subscription of this tenant") }
        var search = SubscriptionSearch()
        search.tenant = name
        search.after = request.query("after")
        var values = try await list(search, path: "/tenant", [(name: "name", value: name)], reader)
        try await desks.note(identity, .subscriptionRead, "tenant \(name)")
        let lacking = counts.withoutPartner
        let numbers = [lacking, counts.all].map { reader.format.number(Int64($0)) }
        values["name"] = name
        values["is-lacking"] = lacking > 0
        values["summary"] = sentence(
            lacking == 0 ? "tenant-complete" : lacking == 1 ? "one-tenant-lacking" : "tenant-lacking", numbers, reader)
        let lackingQuery = FormText.query([(name: "tenant", value: name), (name: "without-partner", value: "1")])
        values["lacking-link"] = "/subscriptions?" + lackingQuery
        values["conflicts"] = conflicts.map { conflict in
            ["number": String(conflict.id), "product": conflict.product.name]
        }
        return try renderer.page("tenant", title: "tenant", values, for: reader)
    }

    /// A page of a list, with the way to the next one.
    private func list(
        _ search: SubscriptionSearch, path: String, _ given: [(name: String, value: String)], _ reader: PageReader
    ) async throws -> [String: Any] {
        let found = try await desks.office { try $0.subscriptions(search, limit: Self.pageSubscriptions + 1) }
        let page = found.prefix(Self.pageSubscriptions)
        let names = try await partnerNames(page.compactMap { $0.association?.partner.description })
        var values: [String: Any] = [
            "is-empty": page.isEmpty, "subscriptions": page.map { row($0, names, reader) }, "next": "", "first-page": "",
        ]
        if found.count > page.count, let last = page.last {
            values["next"] = path + "?" + FormText.query(given + [(name: "after", value: last.id)])
        }
        if search.after != nil { values["first-page"] = path + (given.isEmpty ? "" : "?" + FormText.query(given)) }
        return values
    }
}
