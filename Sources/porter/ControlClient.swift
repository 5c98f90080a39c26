import AsyncHTTPClient
import Attribution
import BackOffice
import Foundation
import NIOCore
import NIOHTTP1
import Office
import Subscriptions

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

    /// - Throws: ``NoServer``, ``CommandFailure``.
    func addLinkKey(for id: PartnerID, source: String) async throws -> PartnerKeyDocument {
        try await send(
            "POST", "/api/v1/partners/\(id)/keys" + Self.query([("source", source)]), type: "text/plain", body: [])
    }

    /// - Throws: ``NoServer``, ``CommandFailure``.
    func retireLinkKey(_ number: Int64, of id: PartnerID, source: String) async throws {
        _ = try await send(
            "DELETE", "/api/v1/partners/\(id)/keys/\(number)" + Self.query([("source", source)]), type: "text/plain", body: [])
    }

    /// - Throws: ``NoServer``, ``CommandFailure``.
    func importEvents(csv: [UInt8], fileName: String, dryRun: Bool) async throws -> SubscriptionImportReport {
        let query = Self.query([("dry-run", dryRun ? "1" : "0"), ("file", fileName)])
        return try await send("POST", "/api/v1/subscription-events/import" + query, type: "text/csv", body: csv)
    }

    /// - Throws: ``NoServer``, ``CommandFailure``.
    func setPartnerOfRecord(of id: String, _ order: PartnerOfRecordOrder) async throws -> SubscriptionDocument {
        try await send("PUT", "/api/v1/subscriptions/\(Self.escaped(id))/partner", json: order)
    }

    /// - Throws: ``NoServer``, ``CommandFailure``.
    func removePartnerOfRecord(of id: String, note: String?) async throws -> SubscriptionDocument {
        let query = note.map { Self.query([("note", $0)]) } ?? ""
        return try await send(
            "DELETE", "/api/v1/subscriptions/\(Self.escaped(id))/partner" + query, type: "text/plain", body: [])
    }

    /// - Throws: ``NoServer``, ``CommandFailure``.
    func issueLink(to id: String, days: Int) async throws -> CustomerLinkDocument {
        try await send("POST", "/api/v1/subscriptions/\(Self.escaped(id))/link", json: CustomerLinkOrder(days: days))
    }

    /// - Throws: ``NoServer``, ``CommandFailure``.
    func endLinks() async throws {
        _ = try await send("DELETE", "/api/v1/customer-links", type: "text/plain", body: []) as Data
    }

    /// Has the server read routes and certificates again.
    ///
    /// - Throws: ``NoServer``, ``CommandFailure`` with all that is wrong with the files.
    func reload() async throws -> ReloadReport {
        try await send("POST", "/api/v1/reload", type: "text/plain", body: [])
    }

    /// - Throws: ``NoServer``, ``CommandFailure``.
    func addUser(_ order: UserOrder) async throws -> UserDocument {
        try await send("POST", "/api/v1/users", json: order)
    }

    /// - Throws: ``NoServer``, ``CommandFailure``.
    func changeUser(_ name: String, _ order: UserOrder) async throws -> UserDocument {
        try await send("PATCH", "/api/v1/users/" + Self.escaped(name), json: order)
    }

    /// - Throws: ``NoServer``, ``CommandFailure``.
    func removeUser(_ name: String) async throws {
        _ = try await send("DELETE", "/api/v1/users/" + Self.escaped(name), type: "text/plain", body: [])
    }

    /// - Throws: ``NoServer``, ``CommandFailure``.
    func createToken(_ order: TokenOrder) async throws -> TokenDocument {
        try await send("POST", "/api/v1/tokens", json: order)
    }

    /// - Throws: ``NoServer``, ``CommandFailure``.
    func revokeToken(_ id: Int64) async throws {
        _ = try await send("DELETE", "/api/v1/tokens/\(id)", type: "text/plain", body: [])
    }

    /// - Throws: ``NoServer``, ``CommandFailure``.
    func adjust(_ receipt: Receipt, _ order: AdjustmentOrder) async throws -> AdjustmentReport {
        try await send("POST", "/api/v1/log/\(receipt)/adjustment", json: order)
    }

    /// Has the server note what a command reads.
    ///
    /// - Throws: ``NoServer``, ``CommandFailure``.
    func noteRead(_ action: AccessEntry.Action, _ what: String) async throws {
        let note = ReadOrder(action: action.rawValue, what: what)
        let body = Array(try JSONEncoder().encode(note))
        _ = try await send("POST", "/api/v1/access-log", type: "application/json", body: body) as Data
    }

    private static func query(_ parameters: [(name: String, value: String)]) -> String {
        "?" + parameters.map { $0.name + "=" + escaped($0.value) }.joined(separator: "&")
    }

    private static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte.isURIUnreserved { bytes.append(byte) } else { bytes.appendPercentEscape(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func send<Answer: Decodable>(_ method: String, _ target: String, json: some Encodable) async throws -> Answer {
        try await send(method, target, type: "application/json", body: Array(try JSONEncoder().encode(json)))
    }

    private func send<Answer: Decodable>(_ method: String, _ target: String, type: String, body: [UInt8]) async throws -> Answer {
        let answer: Data = try await send(method, target, type: type, body: body)
        guard let value = try? JSONDecoder().decode(Answer.self, from: answer) else { throw strange(status: 200) }
        return value
    }

    /// - Returns: the body of a success.
    private func send(_ method: String, _ target: String, type: String, body: [UInt8]) async throws -> Data {
        guard socketPath.utf8.count <= ControlServer.maximumPathBytes,
            let url = URL(httpURLWithSocketPath: socketPath, uri: target)
        else { throw NoServer() }
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = .RAW(value: method)
        request.headers = [
            "Content-Type": type, "Connection": "close", ControlServer.userHeader: FolderChanges.userName,
        ]
        request.body = .bytes(ByteBuffer(bytes: body))
        let (status, answer) = try await exchange(request)
        if (200..<300).contains(status) { return answer }
        guard let problem = try? JSONDecoder().decode(Problem.self, from: answer) else { throw strange(status: status) }
        throw CommandFailure(lines: (problem.errors ?? []) + [problem.detail])
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
                    + "look before you try again",
                exitCode: CommandFailure.badRequest)
        }
    }

    private func strange(status: UInt) -> CommandFailure {
        CommandFailure(
            message: "the server at \(socketPath) answered \(status) with something this porter doesn't know; "
                + "use the version of porter that the server runs",
            exitCode: CommandFailure.badRequest)
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
