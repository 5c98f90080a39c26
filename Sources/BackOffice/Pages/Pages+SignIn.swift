import Attribution
import Foundation
import HTTPTypes
import Hummingbird
import Ledger
import Office

extension Pages {
    /// Who is not signed in has a secret of their own for the form of signing in, so that nobody else can sign them in.
    private func formCookie(_ context: BackOfficeContext) -> String { context.isSecure ? "__Host-porter-form" : "porter-form" }

    private func formSecret(_ request: Request, _ context: BackOfficeContext) -> Secret? {
        request.cookies[formCookie(context)].flatMap { Secret(claimed: $0.value) }
    }

    func addSignIn(to group: RouterGroup<BackOfficeContext>) {
        group.get("/sign-in") { request, context in
            try await signInPage(request, context, fault: nil, name: nil)
        }
        group.post("/sign-in") { request, context in try await signIn(request, context) }
        group.post("/sign-out") { request, context in
            let identity = try context.require(.marketing)
            _ = try await PageForm(request, identity)
            let now = desks.now()
            if let session = identity.session {
                try await desks.office { try $0.endSession(session, by: identity.caller, at: now) }
                desks.imports.removeAll(of: Self.importOwner(session))
            }
            var response = Response.seeOther("/sign-in")
            response.setCookie(cookie(SessionCookie.name(isSecure: context.isSecure), "", maxAge: 0))
            return response
        }
        group.get("/account") { request, context in
            let identity = try context.require(.marketing)
            return try accountPage(PageReader(request, context), identity, fault: nil)
        }
        group.post("/account") { request, context in
            let identity = try context.require(.marketing)
            let form = try await PageForm(request, identity)
            let (language, zone) = (form["language"].flatMap(PageLanguage.init(rawValue:)), form["time-zone"])
            let now = desks.now()
            do {
                if let zone { _ = try CountQuery.zone(zone) }
                _ = try await desks.office { office in
                    try office.changeUser(identity.name, by: identity.caller, at: now) { user in
                        user.language = language?.rawValue
                        user.timeZone = zone
                    }
                }
            } catch is QuestionFault {
                let reader = PageReader(request, context)
                return try accountPage(reader, identity, fault: sentence("time-zone-wrong", reader), typedZone: zone)
            }
            var response = Response.seeOther("/account")
            // The switch at the top of each page holds for this browser; whoever settles a language here means it everywhere.
            response.setCookie(Cookie(name: PageReader.languageCookie, value: "", maxAge: 0, path: "/"))
            return response
        }
        // Where the language is switched, or the session ended, after the form was refused.
        group.get("/account/password") { _, _ in Response.seeOther("/account") }
        group.post("/account/password") { request, context in
            let identity = try context.require(.marketing)
            let form = try await PageForm(request, identity)
            return try await changePassword(form, identity, request, context)
        }
    }

    private func signInPage(
        _ request: Request, _ context: BackOfficeContext, fault: String?, name: String?, next: String? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        // One for all forms that this browser has open: a new one with each would leave only the last of them good.
        let secret = formSecret(request, context) ?? .make()
        let hasUsers = try await desks.office { try !$0.users().isEmpty }
        var values: [String: Any] = [
            "has-users": hasUsers, "next": Self.ownPath(next ?? request.query("next")), "name": name ?? "",
            "sign-in-token": secret.derived(for: "sign-in"),
        ]
        values["fault"] = fault
        var response = try renderer.page(
            "sign-in", title: "sign-in", values, for: PageReader(request, context), status: status)
        response.setCookie(cookie(formCookie(context), secret.text, maxAge: 3_600))
        return response
    }

    private func signIn(_ request: Request, _ context: BackOfficeContext) async throws -> Response {
        let reader = PageReader(request, context)
        let form = try await PageForm(unjudged: request)
        guard let secret = formSecret(request, context), form.carries(secret.derived(for: "sign-in")) else {
            // Nothing was judged: without its cookie the form may come from anywhere.
            return try await signInPage(
                request, context, fault: sentence("sign-in-no-cookie", reader), name: form["name"], next: form["next"],
                status: .forbidden)
        }
        try PageForm.requireOwnSite(request)
        let name = form["name"] ?? ""
        switch try await desks.accounts.signIn(
            name: name, password: form.raw("password"), address: context.clientAddress, network: context.clientNetwork)
        {
        case .session(let session):
            var response = Response.seeOther(Self.ownPath(form["next"]))
            response.setCookie(
                cookie(
                    SessionCookie.name(isSecure: context.isSecure), session.text, maxAge: Int(Session.absoluteSeconds)))
            return response
        case .refused:
            return try await signInPage(
                request, context, fault: sentence("sign-in-refused", reader), name: name, next: form["next"],
                status: .unauthorized)
        case .wait(let seconds):
            var response = try await signInPage(
                request, context, fault: sentence("sign-in-wait", reader) + " \(seconds) s",
                name: name, next: form["next"], status: .tooManyRequests)
            response.headers[.retryAfter] = String(seconds)
            return response
        }
    }

    private func changePassword(
        _ form: PageForm, _ identity: Identity, _ request: Request, _ context: BackOfficeContext
    ) async throws -> Response {
        let reader = PageReader(request, context)
        func again(_ key: String, wait seconds: Int? = nil) throws -> Response {
            let rest = seconds.map { " \($0) s" } ?? ""
            var response = try accountPage(reader, identity, fault: sentence(key, reader) + rest)
            if let seconds {
                response.status = .tooManyRequests
                response.headers[.retryAfter] = String(seconds)
            }
            return response
        }
        guard form.raw("password") == form.raw("again") else { return try again("password-differs") }
        do {
            switch try await desks.accounts.changeOwnPassword(
                from: form.raw("current"), to: form.raw("password"), by: identity.caller, network: context.clientNetwork)
            {
            case .right: return .seeOther("/sign-in")
            case .wrong: return try again("password-wrong")
            case .wait(let seconds): return try again("sign-in-wait", wait: seconds)
            }
        } catch let error as OfficeError where error.code == .invalidUser {
            return try accountPage(reader, identity, fault: told(error, reader))
        }
    }

    /// - Parameter typedZone: what stands in the time zone's field in place of the user's own.
    private func accountPage(
        _ reader: PageReader, _ identity: Identity, fault: String?, typedZone: String? = nil
    ) throws -> Response {
        var values: [String: Any] = [
            "role": sentence("role-" + identity.role.rawValue, reader),
            "time-zone": typedZone ?? identity.user?.timeZone ?? "", "zones": Self.zones,
            "languages": PageLanguage.allCases.map { language in
                [
                    "value": language.rawValue, "text": renderer.pageLibrary.text("language-name", in: language),
                    "is-chosen": identity.user?.language == language.rawValue,
                ] as [String: Any]
            },
        ]
        values["fault"] = fault
        return try renderer.page(
            "account", title: "account", values, for: reader, status: fault == nil ? .ok : .unprocessableContent)
    }

    /// What is offered; other names of the tz database are taken as well.
    private static let zones = ["UTC"] + TimeZone.knownTimeZoneIdentifiers.filter { $0 != "GMT" }

    private func cookie(_ name: String, _ value: String, maxAge: Int) -> Cookie {
        // Browsers take a secure cookie from this machine over plain HTTP as well.
        Cookie(name: name, value: value, maxAge: maxAge, path: "/", secure: true, httpOnly: true, sameSite: .lax)
    }
}
