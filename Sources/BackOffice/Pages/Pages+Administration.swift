import Attribution
import Hummingbird
import Office

extension Pages {
    func addAdministration(to group: RouterGroup<BackOfficeContext>) {
        group.get("/routes") { request, context in
            _ = try context.require(.marketing)
            return try await routes(PageReader(request, context))
        }
        group.get("/users") { request, context in
            _ = try context.require(.admin)
            return try await users(PageReader(request, context))
        }
        group.post("/users") { request, context in
            let identity = try context.require(.admin)
            let form = try await PageForm(request, identity)
            return try await changing(PageReader(request, context), form, users) { try await changeUser(form, identity) }
        }
        group.get("/tokens") { request, context in
            _ = try context.require(.admin)
            return try await tokens(PageReader(request, context))
        }
        group.post("/tokens") { request, context in
            let identity = try context.require(.admin)
            let form = try await PageForm(request, identity)
            return try await changing(PageReader(request, context), form, { try await tokens($0, $1) }) {
                try await changeToken(form, identity, PageReader(request, context))
            }
        }
        group.get("/access-log") { request, context in
            _ = try context.require(.admin)
            return try await accessLog(request, PageReader(request, context))
        }
    }

    /// A form that was refused.
    private struct Refusal {
        let form: PageForm
        /// What is wrong with it, in the reader's language.
        let fault: String

        /// What was typed into a field when something was to be made, so that nobody types it again.
        func typed(_ field: String, to action: String) -> String? { form["action"] == action ? form[field] : nil }
    }

    /// Shows the page again with what is wrong, should the change be refused.
    private func changing(
        _ reader: PageReader, _ form: PageForm, _ page: (PageReader, Refusal?) async throws -> Response,
        _ change: () async throws -> Response
    ) async throws -> Response {
        do {
            return try await change()
        } catch {
            let problem = Problem(error)
            guard problem.status < 500 else { throw error }
            return try await page(reader, Refusal(form: form, fault: renderer.told(problem, for: reader)))
        }
    }

    private func routes(_ reader: PageReader) async throws -> Response {
        let table = desks.routes()
        let sources = try await desks.office { office in
            try table.routes.map { try office.routeSource(version: $0.version) ?? "" }
        }
        let values: [String: Any] = [
            "is-empty": table.routes.isEmpty,
            "routes": zip(table.routes, sources).map { route, source in
                [
                    "name": route.name, "version": route.version, "paths": route.paths.map(\.text), "origin": route.origin,
                    "destination": route.destination.url, "source": source,
                ] as [String: Any]
            },
        ]
        return try renderer.page("routes", title: "routes", values, for: reader)
    }

    private func roles(_ reader: PageReader, of roles: [Role], chosen: Role? = nil) -> [[String: Any]] {
        options(chosen: chosen, of: roles) { sentence("role-" + $0.rawValue, reader) }
    }

    private func users(_ reader: PageReader, _ refusal: Refusal? = nil) async throws -> Response {
        let users = try await desks.office { try $0.users() }
        let chosen = refusal?.typed("role", to: "add").flatMap(Role.init(rawValue:))
        var values: [String: Any] = ["new-roles": roles(reader, of: Role.ofUsers, chosen: chosen)]
        values["new-name"] = refusal?.typed("name", to: "add")
        values["users"] = users.map { user in
            [
                "name": user.name, "seen-tag": user.tag, "roles": roles(reader, of: Role.ofUsers, chosen: user.role),
                "is-disabled": user.isDisabled,
                "seen": user.lastSignInAt.map { reader.format.time($0) } ?? "–",
                "seen-utc": user.lastSignInAt.map { reader.format.utc($0) } ?? "",
            ] as [String: Any]
        }
        values["fault"] = refusal?.fault
        return try renderer.page(
            "users", title: "users", values, for: reader, status: refusal == nil ? .ok : .unprocessableContent)
    }

    private func changeUser(_ form: PageForm, _ identity: Identity) async throws -> Response {
        let name = form["name"] ?? ""
        let role = form["role"].flatMap(Role.init(rawValue:))
        switch form["action"] {
        case "add":
            guard let role else { throw Problem.invalidRequest("choose a role", Sentence(key: "refusal-role")) }
            _ = try await desks.accounts.addUser(name: name, role: role, password: form.raw("password"), by: identity.caller)
        case "remove":
            let now = desks.now()
            let seen = form["tag"] ?? ""
            try await desks.office { try $0.removeUser(name, onlyIf: [seen], by: identity.caller, at: now) }
        default:
            let isDisabled = form["disabled"] != nil
            let password = form.raw("password")
            _ = try await desks.accounts.changeUser(
                name, onlyIf: [form["tag"] ?? ""], password: password.isEmpty ? nil : password, by: identity.caller
            ) { user in
                if let role { user.role = role }
                user.isDisabled = isDisabled
            }
        }
        return .seeOther("/users")
    }

    private func tokens(
        _ reader: PageReader, _ refusal: Refusal? = nil, made: TokenDocument? = nil
    ) async throws -> Response {
        let tokens = try await desks.office { try $0.tokens() }
        let now = desks.now()
        let chosen = refusal?.typed("role", to: "create").flatMap(Role.init(rawValue:)) ?? .marketing
        var values: [String: Any] = ["roles": roles(reader, of: Role.allCases, chosen: chosen), "is-empty": tokens.isEmpty]
        values["new-name"] = refusal?.typed("name", to: "create")
        values["days"] = refusal?.typed("days", to: "create") ?? "365"
        values["tokens"] = tokens.map { token in
            [
                "id": token.id, "name": token.name,
                "role": sentence("role-" + token.role.rawValue, reader),
                "created-by": token.createdBy, "expires": reader.format.time(token.expiresAt),
                "expires-utc": reader.format.utc(token.expiresAt), "is-over": token.expiresAt <= now,
                "used": token.lastUsedAt.map { reader.format.time($0) } ?? "–",
                "used-utc": token.lastUsedAt.map { reader.format.utc($0) } ?? "",
            ] as [String: Any]
        }
        values["secret"] = made?.secret
        values["made-name"] = made?.name
        values["fault"] = refusal?.fault
        return try renderer.page(
            "tokens", title: "tokens", values, for: reader, status: refusal == nil ? .ok : .unprocessableContent)
    }

    private func changeToken(_ form: PageForm, _ identity: Identity, _ reader: PageReader) async throws -> Response {
        if form["action"] == "revoke" {
            guard let id = form["id"].flatMap({ Int64($0) }) else {
                throw Problem.invalidRequest("no token was named", Sentence(key: "refusal-no-token"))
            }
            let now = desks.now()
            try await desks.office { try $0.revokeToken(id, by: identity.caller, at: now) }
            return .seeOther("/tokens")
        }
        let role = form["role"].flatMap(Role.init(rawValue:)) ?? .marketing
        let (name, days, now) = (form["name"] ?? "", form["days"].flatMap { Int($0) } ?? 0, desks.now())
        let (token, secret) = try await desks.office {
            try $0.createToken(name: name, role: role, days: days, by: identity.caller, at: now)
        }
        // Shown at once instead of after a redirect, which would have to carry the secret.
        return try await tokens(reader, made: TokenDocument(token, secret: secret))
    }

    private static let pageEntries = 100

    private func accessLog(_ request: Request, _ reader: PageReader) async throws -> Response {
        let before = request.query("before").flatMap { Int64($0) }
        let who = request.query("who")
        let entries = try await desks.office { try $0.accessLog(before: before, who: who, limit: Self.pageEntries + 1) }
        var values: [String: Any] = ["who": who ?? "", "is-empty": entries.isEmpty]
        values["entries"] = entries.prefix(Self.pageEntries).map { entry in
            [
                "time": reader.format.time(entry.time), "utc": reader.format.utc(entry.time),
                "name": entry.who == AccountsDesk.unknownName ? sentence("who-unknown", reader) : entry.who,
                "way": sentence("way-" + entry.way.rawValue, reader),
                "action": sentence("action-" + entry.action.rawValue, reader), "what": entry.what,
                "address": entry.address,
            ]
        }
        if entries.count > Self.pageEntries {
            values["next"] =
                "/access-log?before=\(entries[Self.pageEntries - 1].id)" + (who.map { "&who=" + FormText.escaped($0) } ?? "")
        }
        return try renderer.page("access-log", title: "access-log", values, for: reader)
    }
}
