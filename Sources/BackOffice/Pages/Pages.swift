import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Office

/// The pages: what people see and do, each with its path.
struct Pages: Sendable {
    let desks: Desks
    let renderer: PageRenderer

    func add(to router: Router<BackOfficeContext>) {
        let group = router.group()
        for (name, file) in renderer.pageLibrary.files {
            group.get(RouterPath("/static/\(name)")) { _, _ in file.response() }
        }
        group.get("/") { _, _ in Response.seeOther("/overview") }
        group.get("/language") { request, context in switchLanguage(request, context) }
        addSignIn(to: group)
        addOverview(to: group)
        addLog(to: group)
        addRecord(to: group)
        addPartners(to: group)
        addPartnerEditing(to: group)
        addPartnerImport(to: group)
        addStatement(to: group)
        addSubscriptions(to: group)
        addSubscription(to: group)
        addPartnerOfRecord(to: group)
        addCustomerLinks(to: group)
        addSubscriptionImport(to: group)
        addConflicts(to: group)
        addKit(to: group)
        addAdministration(to: group)
        addExplain(to: group)
        addHealth(to: group)
    }

    /// A text in the reader's language.
    func sentence(_ key: String, _ reader: PageReader) -> String { renderer.pageLibrary.text(key, in: reader.language) }

    /// What a field for one value of a closed set proposes.
    func options<Value: RawRepresentable<String> & CaseIterable & Equatable>(
        chosen: Value?, of values: [Value] = Array(Value.allCases), text: (Value) -> String
    ) -> [[String: Any]] {
        values.map { ["value": $0.rawValue, "text": text($0), "is-chosen": $0 == chosen] }
    }

    /// Keeps the language for a year, and leads back.
    private func switchLanguage(_ request: Request, _ context: BackOfficeContext) -> Response {
        let language = request.query("to").flatMap(PageLanguage.init(rawValue:)) ?? .english
        var response = Response.seeOther(Self.ownPath(request.query("back")))
        response.setCookie(
            Cookie(
                name: PageReader.languageCookie, value: language.rawValue, maxAge: 365 * 86_400, path: "/",
                secure: context.isSecure, httpOnly: true, sameSite: .lax))
        return response
    }

    /// A path of this server, whatever somebody put into a link: never another site's.
    static func ownPath(_ text: String?) -> String {
        guard let text, text.hasPrefix("/"), !text.hasPrefix("//"), !text.contains("\\"),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), text.utf8.count <= 1_024
        else { return "/overview" }
        return text
    }
}

extension PageLibrary.StaticFile {
    func response() -> Response {
        Response(
            status: .ok, headers: [.contentType: mediaType, .cacheControl: "public, max-age=3600"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
