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
    /// - Throws: ``Problem`` 403 when it does not come from a page of their session.
    init(_ request: Request, _ identity: Identity) async throws {
        try Self.requireOwnSite(request)
        try await self.init(unjudged: request)
        try requireToken(of: identity)
    }

    /// Reads the form of somebody who is not signed in; where it comes from is still to be judged.
    init(unjudged request: Request) async throws {
        let body = try await request.body.collect(upTo: Self.maximumBytes)
        fields = FormText.fields(String(buffer: body))
    }

    /// A file that came with a form.
    struct UploadedFile: Sendable {
        /// Without folders, on one line; empty when none was chosen.
        let name: String
        let bytes: [UInt8]
    }

    /// Reads the form of somebody who is signed in, with a file.
    ///
    /// - Parameters:
    ///   - name: the file's field.
    ///   - maximumBytes: what the file may have.
    /// - Throws: ``Problem`` 403 when it does not come from a page of their session, 400 when it is none.
    static func upload(
        _ request: Request, _ identity: Identity, file name: String, maximumBytes: Int
    ) async throws -> (form: PageForm, file: UploadedFile) {
        try requireOwnSite(request)
        guard let boundary = MultipartForm.boundary(in: request.headers[.contentType]) else {
            throw Problem.invalidRequest("the form has no file, expected multipart/form-data with a boundary")
        }
        let body = try await request.body.collect(upTo: maximumBytes + Self.maximumBytes)
        let parts: [String: MultipartForm.Part]
        do {
            parts = try MultipartForm(body.readableBytesView, boundary: boundary).parts
        } catch {
            throw Problem.invalidRequest("the form can't be read: \(PartnerText.quoted(error.message))")
        }
        let texts = parts.filter { $0.value.fileName == nil && $0.value.content.count <= Self.maximumBytes }
        let form = PageForm(fields: texts.mapValues { String(decoding: $0.content, as: UTF8.self) })
        try form.requireToken(of: identity)
        guard let part = parts[name], let path = part.fileName else {
            throw Problem.invalidRequest("the form has no file in its field \(name)")
        }
        return (form, UploadedFile(name: ownName(path), bytes: Array(part.content)))
    }

    private init(fields: [String: String]) { self.fields = fields }

    /// Browsers of today say where a form comes from, whatever it carries.
    ///
    /// - Throws: ``Problem`` 403.
    static func requireOwnSite(_ request: Request) throws {
        let site = request.headers[.init("Sec-Fetch-Site")!]
        guard site == nil || site == "same-origin" || site == "none" else { throw isForeign }
    }

    private func requireToken(of identity: Identity) throws {
        guard let session = identity.session, carries(session.derived(for: "form")) else { throw Self.isForeign }
    }

    /// Whether it carries what our page has put into it.
    func carries(_ token: String) -> Bool { fields[Self.tokenField].map { Secret.areEqual($0, token) } ?? false }

    private static var isForeign: Problem {
        Problem(.forbidden, type: "form-expired", detail: "the form is too old or comes from elsewhere; open the page again")
    }

    private static let maximumFileNameScalars = 100

    /// A file's name without the folders that some browsers send, and without what could not stand on one line of a history.
    private static func ownName(_ path: String) -> String {
        let name = path.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? ""
        let scalars = name.unicodeScalars.prefix(maximumFileNameScalars).map { PartnerText.isPlain(String($0)) ? $0 : "_" }
        return String(String.UnicodeScalarView(scalars))
    }

    /// The field's text, trimmed; nil when it is empty.
    subscript(name: String) -> String? {
        let text = PartnerText.trimmed(fields[name] ?? "")
        return text.isEmpty ? nil : text
    }

    /// As typed, for passwords.
    func raw(_ name: String) -> String { fields[name] ?? "" }
}
