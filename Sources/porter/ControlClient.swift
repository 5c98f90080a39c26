import AsyncHTTPClient
import Attribution
import BackOffice
import Foundation
import NIOCore
import NIOHTTP1
import Office

/// Speaks to a running server over the data folder's `control.sock`.
struct ControlClient {
    /// Nobody listens: there is no socket, or the server that made it is gone.
    struct NoServer: Error {}

    let socketPath: String

    init(folder: String) {
        socketPath = folder + "/" + ControlServer.socketName
    }

    /// Importing a hundred thousand partners takes seconds; a server that is silent for longer is stuck.
    private static let timeout = TimeAmount.seconds(120)
    /// A report lists a bounded number of partners, whose fields are bounded.
    private static let maximumAnswerBytes = 4 << 20

    /// - Throws: ``NoServer``, ``CommandFailure``.
    func importPartners(csv: [UInt8], fileName: String, source: String, dryRun: Bool = false) async throws -> DirectoryReport {
        let query = Self.query([("dry-run", dryRun ? "1" : "0"), ("file", fileName), ("source", source)])
        return try await send("POST", "/api/v1/partners/import" + query, type: "text/csv", body: csv)
    }

    /// - Throws: ``NoServer``, ``CommandFailure``.
    func setPartner(_ id: PartnerID, _ patch: PartnerPatch, source: String) async throws -> DirectoryReport {
        let body = try JSONEncoder().encode(patch)
        return try await send(
            "PATCH", "/api/v1/partners/\(id)" + Self.query([("source", source)]), type: "application/merge-patch+json",
            body: Array(body))
    }

    /// Has the server read routes and certificates again.
    ///
    /// - Throws: ``NoServer``, ``CommandFailure`` with all that is wrong with the files.
    func reload() async throws -> ReloadReport {
        try await send("POST", "/api/v1/reload", type: "text/plain", body: [])
    }

    private static func query(_ parameters: [(name: String, value: String)]) -> String {
        let parts = parameters.map { name, value in
            var bytes: [UInt8] = []
            for byte in value.utf8 {
                if byte.isURIUnreserved { bytes.append(byte) } else { bytes.appendPercentEscape(byte) }
            }
            return name + "=" + String(decoding: bytes, as: UTF8.self)
        }
        return "?" + parts.joined(separator: "&")
    }

    private func send<Answer: Decodable>(_ method: String, _ target: String, type: String, body: [UInt8]) async throws -> Answer {
        guard socketPath.utf8.count <= ControlServer.maximumPathBytes,
            let url = URL(httpURLWithSocketPath: socketPath, uri: target)
        else { throw NoServer() }
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = .RAW(value: method)
        request.headers = ["Content-Type": type, "Connection": "close"]
        request.body = .bytes(ByteBuffer(bytes: body))
        let (status, answer) = try await exchange(request)
        return try decode(status: status, answer)
    }

    private func exchange(_ request: HTTPClientRequest) async throws -> (status: UInt, body: Data) {
        var configuration = HTTPClient.Configuration()
        // Whether and when to try again is the caller's to say.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.redirectConfiguration = .disallow
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let response = try await client.execute(request, timeout: Self.timeout)
            let body = try await response.body.collect(upTo: Self.maximumAnswerBytes)
            try await client.shutdown()
            return (response.status.code, Data(body.readableBytesView))
        } catch {
            try? await client.shutdown()
            if let error = error as? IOError, error.errnoCode == ENOENT || error.errnoCode == ECONNREFUSED { throw NoServer() }
            throw CommandFailure(
                message: "the server at \(socketPath) gave no answer (\(error)), so the change may or may not have been made; "
                    + "look with `porter partner show`",
                exitCode: CommandFailure.badRequest)
        }
    }

    private func decode<Answer: Decodable>(status: UInt, _ body: Data) throws -> Answer {
        let decoder = JSONDecoder()
        if status == 200, let answer = try? decoder.decode(Answer.self, from: body) { return answer }
        guard let document = try? decoder.decode(APIError.Document.self, from: body) else {
            throw CommandFailure(
                message: "the server at \(socketPath) answered \(status) with something this porter doesn't know; "
                    + "use the version of porter that the server runs",
                exitCode: CommandFailure.badRequest)
        }
        throw CommandFailure(lines: document.error.lines + [document.error.message])
    }
}

extension CommandFailure {
    /// A failure that has more than one thing to say, each on a line of its own.
    init(lines: [String]) {
        self.init(message: lines.joined(separator: "\nerror: "), exitCode: Self.badRequest)
    }

    init(_ refusal: ImportRefusal) {
        self.init(lines: refusal.lines + [refusal.advice])
    }
}
