import Attribution
import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Office

/// The API's part that the control socket answers: what a command changes in a running server.
///
/// | request | body | answer |
/// |---|---|---|
/// | `POST /api/v1/partners/import?dry-run=0\|1&file=NAME&source=TEXT` | a partner CSV | ``DirectoryReport`` |
/// | `PATCH /api/v1/partners/{id}?dry-run=0\|1&source=TEXT` | ``PartnerPatch`` | ``DirectoryReport`` |
/// | `POST /api/v1/reload` | none | ``ReloadReport`` |
struct ControlAPI: Sendable {
    let desk: DirectoryDesk
    let reload: @Sendable () async -> ReloadReport
    let logger: Logger

    /// A partner's fields at their longest, escaped, are well below.
    static let maximumPatchBytes = 64 << 10

    func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self)
        router.add(middleware: ErrorDocuments(logger: logger))
        router.post("/api/v1/partners/import") { request, _ in try await importPartners(request) }
        router.patch("/api/v1/partners/:id") { request, context in
            try await setPartner(request, id: context.parameters.get("id") ?? "")
        }
        router.post("/api/v1/reload") { _, _ in try await reloaded() }
        return router
    }

    private func importPartners(_ request: Request) async throws -> Response {
        let query = request.uri.queryParameters
        let fileName = query["file"].map(String.init) ?? "partners.csv"
        let body = try await request.body.collect(upTo: PartnerCSV.maximumFileBytes)
        let report = try await desk.importPartners(
            csv: Array(body.readableBytesView), fileName: fileName, source: source(of: request, default: fileName),
            dryRun: try isDryRun(request))
        log(report)
        return try Response(json: report)
    }

    private func setPartner(_ request: Request, id text: String) async throws -> Response {
        guard let id = PartnerID(text) else {
            throw APIError.Refusal.invalidRequest("\(PartnerText.quoted(text)) is not a Partner ID; give 1 to 10 digits")
        }
        let body = try await request.body.collect(upTo: Self.maximumPatchBytes)
        guard let patch = try? JSONDecoder().decode(PartnerPatch.self, from: Data(body.readableBytesView)) else {
            throw APIError.Refusal.invalidRequest("the body is not a JSON object of a partner's fields and texts")
        }
        let report = try await desk.setPartner(
            patch.change(of: id), source: source(of: request, default: "API"), dryRun: try isDryRun(request))
        log(report)
        return try Response(json: report)
    }

    private func reloaded() async throws -> Response {
        let report = await reload()
        guard report.succeeded else { throw APIError.Refusal.reload(report.lines) }
        return try Response(json: report)
    }

    private func isDryRun(_ request: Request) throws -> Bool {
        switch request.uri.queryParameters["dry-run"] {
        case nil, "0": false
        case "1": true
        case .some(let other):
            throw APIError.Refusal.invalidRequest("dry-run is \(PartnerText.quoted(String(other))), expected 0 or 1")
        }
    }

    private func source(of request: Request, default fallback: String) -> String {
        request.uri.queryParameters["source"].map(String.init) ?? fallback
    }

    /// Numbers only: what partners are called is not the log's business.
    private func log(_ report: DirectoryReport) {
        guard let version = report.directoryVersion else { return }
        logger.info(
            "the partner directory changed",
            metadata: ["directory_version": "\(version)", "added": "\(report.added)", "changed": "\(report.changed)"])
    }
}

/// Answers every error, a path that is not there included, with its JSON document.
private struct ErrorDocuments: RouterMiddleware {
    typealias Context = BasicRequestContext

    let logger: Logger

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let (status, document) = APIError.answer(to: error)
            if status == .internalServerError {
                logger.error("a request on the control socket failed", metadata: ["error": "\(error)"])
            }
            return try Response(json: APIError.Document(error: document), status: status)
        }
    }
}

extension Response {
    init(json value: some Encodable, status: HTTPResponse.Status = .ok) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.init(
            status: status, headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try encoder.encode(value))))
    }
}
