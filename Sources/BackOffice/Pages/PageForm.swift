import Hummingbird
import NIOCore
import Office

/// A form as one of our pages sent it.
struct PageForm: Sendable {
    private let fields: [String: String]

    /// A CSV to import is larger and has a way of its own.
    static let maximumBytes = 64 << 10
    static let tokenField = "form-token"

    /// Reads the form of somebody who is signed in.
    ///
    /// - Throws: ``Problem`` 403 when it does not come from a page of this session.
    init(_ request: Request, _ identity: Identity) async throws {
        try await self.init(request, expecting: identity.session?.derived(for: "form") ?? "")
    }

    /// - Parameter token: what the form must carry.
    init(_ request: Request, expecting token: String) async throws {
        // Browsers of today say where a form comes from, whatever it carries.
        let site = request.headers[.init("Sec-Fetch-Site")!]
        let body = try await request.body.collect(upTo: Self.maximumBytes)
        fields = FormText.fields(String(buffer: body))
        guard site == nil || site == "same-origin" || site == "none", !token.isEmpty,
            let sent = fields[Self.tokenField], Secret.areEqual(sent, token)
        else {
            throw Problem(
                .forbidden, type: "form-expired", detail: "the form is too old or comes from elsewhere; open the page again")
        }
    }

    /// The field's text, trimmed; nil when it is empty.
    subscript(name: String) -> String? {
        let text = PartnerText.trimmed(fields[name] ?? "")
        return text.isEmpty ? nil : text
    }

    /// As typed, for passwords.
    func raw(_ name: String) -> String { fields[name] ?? "" }
}
