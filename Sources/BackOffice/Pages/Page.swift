import Attribution
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Office

/// One reader's view of a page: language, time zone, who is signed in.
struct PageReader: Sendable {
    let language: PageLanguage
    let format: PageFormat
    let identity: Identity?
    /// Whether the page is read over TLS.
    let isSecure: Bool
    /// The page's path, with its query: where the language switch leads back to.
    let target: String

    static let languageCookie = "porter-language"

    init(_ request: Request, _ context: BackOfficeContext) {
        let user = context.identity?.user
        let wishes = [request.cookies[Self.languageCookie]?.value, user?.language]
        language =
            wishes.lazy.compactMap { $0.flatMap(PageLanguage.init(rawValue:)) }.first
            ?? PageLanguage.best(for: request.headers[.acceptLanguage])
        format = PageFormat(language: language, timeZone: user?.timeZone.flatMap { TimeZone(identifier: $0) } ?? .gmt)
        identity = context.identity
        isSecure = context.isSecure
        target = Self.target(request)
    }

    /// Path and query, by which a page can be opened again.
    static func target(_ request: Request) -> String {
        request.uri.path + (request.uri.query.map { "?" + $0 } ?? "")
    }

    func may(_ role: Role) -> Bool { identity.map { $0.role >= role } ?? false }

    /// What every form carries, so that only our own pages can send it.
    var formToken: String { identity?.session?.derived(for: "form") ?? "" }
}

/// Renders pages: the content by its own template, around it the frame that all have.
struct PageRenderer: Sendable {
    let pageLibrary: PageLibrary

    private static let navigation: [(key: String, path: String, role: Role)] = [
        ("overview", "/overview", .marketing), ("origins", "/origins", .marketing), ("partners", "/partners", .auditor),
        ("subscriptions", "/subscriptions", .auditor),
        ("check", "/check", .marketing), ("log", "/log", .auditor),
        ("explain", "/explain", .marketing), ("routes", "/routes", .marketing), ("health", "/health", .marketing),
        ("users", "/users", .admin),
        ("tokens", "/tokens", .admin), ("access-log", "/access-log", .admin),
    ]

    /// - Parameters:
    ///   - template: of the content.
    ///   - title: a text's key.
    func page(
        _ template: String, title: String, _ values: [String: Any] = [:], for reader: PageReader,
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        var values = values
        values["t"] = pageLibrary.allTexts(in: reader.language)
        values["form-token"] = reader.formToken
        values["is-admin"] = reader.may(.admin)
        values["is-auditor"] = reader.may(.auditor)
        guard let content = pageLibrary.render(template, values) else {
            throw Problem(.internalServerError, type: "internal", detail: "there is no template \(template)")
        }
        values["content"] = content
        values["language"] = reader.language.rawValue
        values["other-language"] = (reader.language == .english ? PageLanguage.french : .english).rawValue
        values["target"] = FormText.escaped(reader.target)
        values["title"] = pageLibrary.text("title-" + title, in: reader.language)
        values["user"] = reader.identity?.name
        values["navigation"] = Self.navigation.filter { reader.may($0.role) }.map { entry in
            [
                "path": entry.path, "text": pageLibrary.text("title-" + entry.key, in: reader.language),
                "is-current": entry.key == title,
            ] as [String: Any]
        }
        let html = pageLibrary.render("layout", values) ?? content
        return Response(
            status: status,
            headers: [
                .contentType: "text/html; charset=utf-8", .cacheControl: "no-store", .contentLanguage: reader.language.rawValue,
                .vary: "Accept-Language, Cookie",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }
}

extension Response {
    /// To another page of ours, after a form was taken (RFC 9110, section 15.4.4).
    static func seeOther(_ path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path, .cacheControl: "no-store"])
    }
}
