import AsyncHTTPClient
import Attribution
import BackOffice
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import Office
import Synchronization
import Testing

@testable import porter

@Suite("A running server is changed over its control socket")
struct ControlServerTests {
    private static let csv = Array("id,name,status\n1234567,One,active\n2,Two,suspended\n".utf8)

    /// Sends a request as it stands, and says what came back.
    private func send(
        _ method: String, _ target: String, _ body: [UInt8] = [], to server: RunningServer
    ) async throws -> (status: UInt, problem: Problem?) {
        let url = try #require(URL(httpURLWithSocketPath: server.folder.socketPath, uri: target))
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = .RAW(value: method)
        request.body = .bytes(ByteBuffer(bytes: body))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let answer = try await response.body.collect(upTo: 1 << 20)
        return (response.status.code, try? JSONDecoder().decode(Problem.self, from: Data(answer.readableBytesView)))
    }

    @Test("an import is in force at the front door before the command hears of it")
    func importInForce() async throws {
        try await RunningServer.run { (server) async throws in
            let report = try await server.client.importPartners(csv: Self.csv, fileName: "a b&c=.csv", source: "import: ä+%20")
            #expect(report.added == 2 && report.directoryVersion == 1)
            #expect(server.directories.map(\.version) == [1])
            #expect(server.directories.first?[PartnerID("1234567")!]?.status == .active)
            let version = try #require(try server.office.currentDirectoryVersion())
            #expect(version.source == "import: ä+%20")
            #expect(version.learnedAt == RunningServer.now)
        }
    }

    @Test("a dry run and a change that changes nothing leave the front door alone")
    func nothingChanged() async throws {
        try await RunningServer.run { (server) async throws in
            let dry = try await server.client.importPartners(csv: Self.csv, fileName: "p.csv", source: "p.csv", dryRun: true)
            #expect(dry.dryRun && dry.added == 2)
            #expect(server.directories.isEmpty)
            _ = try await server.client.importPartners(csv: Self.csv, fileName: "p.csv", source: "p.csv")
            let again = try await server.client.importPartners(csv: Self.csv, fileName: "p.csv", source: "p.csv")
            #expect(again.unchanged == 2 && again.directoryVersion == nil)
            #expect(server.directories.map(\.version) == [1])
        }
    }

    @Test("mistakes in a file come back with their lines, and nothing changes")
    func importRefused() async throws {
        try await RunningServer.run { (server) async throws in
            let failure = await #expect(throws: CommandFailure.self) {
                try await server.client.importPartners(
                    csv: Array("id,name,status\n1,A,active\n01,,active\n".utf8), fileName: "dir/p.csv", source: "p.csv")
            }
            let lines = failure?.message.split(separator: "\nerror: ") ?? []
            #expect(lines.count == 3)
            #expect(lines.first?.hasPrefix(#"dir/p.csv:3: id is "01", which has a leading zero"#) == true)
            #expect(lines.last?.contains("nothing of it was imported") == true)
            #expect(failure?.exitCode == 2)
            #expect(server.directories.isEmpty)
        }
    }

    @Test("one partner is changed, and the front door follows")
    func patch() async throws {
        try await RunningServer.run { (server) async throws in
            _ = try await server.client.importPartners(csv: Self.csv, fileName: "p.csv", source: "p.csv")
            let id = PartnerID("1234567")!
            let patch = PartnerPatch(fields: [.status: "suspended", .statusReason: "fraud"])
            let report = try await server.client.setPartner(id, patch, source: "set")
            #expect(report.changed == 1 && report.directoryVersion == 2)
            #expect(server.directories.last?[id]?.statusReason == .fraud)
        }
    }

    @Test("a key of a partner's links is in force at the front door before the command hears of it, until it is retired")
    func keys() async throws {
        try await RunningServer.run { (server) async throws in
            _ = try await server.client.importPartners(csv: Self.csv, fileName: "p.csv", source: "p.csv")
            let id = PartnerID("1234567")!
            let link = SignedLink(path: Array("/x".utf8), partner: id, campaign: [], expiry: 1)
            let key = try await server.client.addLinkKey(for: id, source: "key added: ä&")
            let secret = try #require(key.secret)
            #expect(key.sinceVersion == 2 && key.retiredAt == nil)
            #expect(server.directories.map(\.version) == [1, 2])
            let inForce = try #require(server.directories.last?.linkKeys(of: id).first)
            #expect(link.signature(with: inForce) == link.signature(with: LinkKey(secret: secret)))
            #expect(try server.office.currentDirectoryVersion()?.source == "key added: ä&")
            _ = try await server.client.addLinkKey(for: id, source: "x")
            let full = await #expect(throws: CommandFailure.self) { try await server.client.addLinkKey(for: id, source: "x") }
            #expect(full?.message.contains("retire one first") == true)
            try await server.client.retireLinkKey(key.id, of: id, source: "x")
            #expect(server.directories.last?.version == 4 && server.directories.last?.linkKeys(of: id).count == 1)
            let again = await #expect(throws: CommandFailure.self) {
                try await server.client.retireLinkKey(key.id, of: id, source: "x")
            }
            #expect(again?.message.contains("no key \(key.id) in force") == true)
        }
    }

    @Test("null takes a value away, and programs may be an array")
    func patchJSON() async throws {
        try await RunningServer.run { server in
            let target = "/api/v1/partners/7"
            let addition = #"{"name":"A","status":"active","email":"a@b.example","programs":["sell","usage"]}"#
            let added = try await send("PATCH", target, Array(addition.utf8), to: server)
            #expect(added.status == 200)
            let before = try #require(try server.office.partner(PartnerID("7")!))
            #expect(before.programs == ["sell", "usage"] && before.email == "a@b.example")
            let changed = try await send("PATCH", target, Array(#"{"email":null}"#.utf8), to: server)
            #expect(changed.status == 200)
            let after = try #require(try server.office.partner(PartnerID("7")!))
            #expect(after.programs == ["sell", "usage"] && after.email == nil)
            let version = try server.office.currentDirectoryVersion()
            #expect(version?.source == "API by command")
        }
    }

    @Test(
        "every refusal is a JSON document with a status and a code",
        arguments: [
            ("GET", "/api/v1/nothing", "", 404, "not-found"),
            ("POST", "/api/v1/partners/import?dry-run=yes", "id,name,status\n", 400, "invalid-request"),
            ("POST", "/api/v1/partners/import", "id,name\n", 422, "import-refused"),
            ("PATCH", "/api/v1/partners/007", "{}", 400, "invalid-request"),
            ("PATCH", "/api/v1/partners/7", "[]", 400, "invalid-request"),
            ("PATCH", "/api/v1/partners/7", "{\"status\":1}", 400, "invalid-request"),
            ("PATCH", "/api/v1/partners/7", "{\"status\":\"active\"}", 404, "unknown-partner"),
            ("PATCH", "/api/v1/partners/7", "{\"state\":\"active\"}", 422, "invalid-partner"),
            ("PATCH", "/api/v1/partners/7", "{\"id\":\"8\"}", 422, "invalid-partner"),
            ("POST", "/api/v1/partners/7/keys", "", 404, "unknown-partner"),
            ("GET", "/api/v1/partners/7/keys", "", 404, "unknown-partner"),
            ("DELETE", "/api/v1/partners/7/keys/1", "", 404, "unknown-key"),
            ("DELETE", "/api/v1/partners/7/keys/x", "", 404, "not-found"),
            ("POST", "/api/v1/partners/7/keys?secret=1", "", 400, "invalid-request"),
        ])
    func refusals(method: String, target: String, body: String, status: UInt, code: String) async throws {
        try await RunningServer.run { (server) async throws in
            let answer = try await send(method, target, Array(body.utf8), to: server)
            #expect(answer.status == status)
            #expect(answer.problem?.type == code)
            #expect(answer.problem?.detail.isEmpty == false)
        }
    }

    @Test("a body over the limit is refused")
    func tooLarge() async throws {
        try await RunningServer.run { (server) async throws in
            let answer = try await send(
                "PATCH", "/api/v1/partners/7", [UInt8](repeating: UInt8(ascii: " "), count: 65 << 10), to: server)
            #expect(answer.status == 413)
            #expect(answer.problem?.type == "too-large")
        }
    }

    @Test("reload reports what was loaded, or all that is wrong")
    func reload() async throws {
        try await RunningServer.run(reload: { ReloadReport(succeeded: true, lines: ["4 routes"]) }) { (server) async throws in
            let report = try await server.client.reload()
            #expect(report == ReloadReport(succeeded: true, lines: ["4 routes"]))
        }
        try await RunningServer.run(reload: { ReloadReport(succeeded: false, lines: ["a.yaml:1:1: x", "b.yaml:2:1: y"]) }) {
            (server) async throws in
            let failure = await #expect(throws: CommandFailure.self) { try await server.client.reload() }
            #expect(failure?.message.hasPrefix("a.yaml:1:1: x\nerror: b.yaml:2:1: y\nerror: what was in force") == true)
        }
    }

    @Test("the socket is its owner's alone, is not made anew in the open, and goes with the server")
    func mode() async throws {
        let folder = try TemporaryFolder()
        try await RunningServer.run(in: folder) { (_) async throws in
            let mode = try folder.mode(of: ControlServer.socketName)
            #expect(mode == 0o600)
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/.control"))
        }
        #expect(!FileManager.default.fileExists(atPath: folder.socketPath))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/.control"))
    }

    @Test("without a socket, and with one that a dead server left, there is no server; the next server replaces it")
    func stale() async throws {
        let folder = try TemporaryFolder()
        let client = ControlClient(folder: folder.path)
        await #expect(throws: ControlClient.NoServer.self) { try await client.reload() }
        let socket = try SocketAddress(unixDomainSocketPath: folder.socketPath)
        try leaveSocket(at: socket)
        #expect(FileManager.default.fileExists(atPath: folder.socketPath))
        await #expect(throws: ControlClient.NoServer.self) { try await client.reload() }
        try await RunningServer.run(in: folder) { (server) async throws in
            let report = try await server.client.reload()
            #expect(report.succeeded)
        }
    }

    /// Binds a socket and closes it without removing its file, as a killed server does.
    private func leaveSocket(at address: SocketAddress) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        #expect(address.withSockAddr { bind(descriptor, $0, socklen_t($1)) } == 0)
        close(descriptor)
    }

    @Test("a data folder with too long a path is refused before anything is made")
    func longPath() throws {
        let folder = "/tmp/" + String(repeating: "x", count: 100)
        #expect(throws: ControlServer.Failure.self) {
            try ControlServer.checkPath(folder: folder)
        }
    }

    @Test("a request in hand is answered when the server is told to stop, and then it stops")
    func stopsGracefully() async throws {
        let (started, signal) = AsyncStream.makeStream(of: Void.self)
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let reload: @Sendable () async -> ReloadReport = {
            signal.finish()
            await Task { for await _ in gate {} }.value
            return ReloadReport(succeeded: true, lines: ["in time"])
        }
        try await RunningServer.runUntilStopped(reload: reload) { server, stop in
            async let report = server.client.reload()
            for await _ in started {}
            stop()
            opening.finish()
            let lines = try await report.lines
            #expect(lines == ["in time"])
        }
    }

    @Test("a connection that is only held open does not keep the server from stopping")
    func idleConnection() async throws {
        let folder = try TemporaryFolder()
        var descriptor: Int32 = -1
        try await RunningServer.run(in: folder) { (server) async throws in
            _ = try await server.client.reload()
            descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            let address = try SocketAddress(unixDomainSocketPath: folder.socketPath)
            #expect(address.withSockAddr { connect(descriptor, $0, socklen_t($1)) } == 0)
        }
        close(descriptor)
    }

    @Test("changes that come at once are made one after another, and the front door sees them in order")
    func concurrent() async throws {
        try await RunningServer.run { (server) async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...20 {
                    group.addTask {
                        let patch = PartnerPatch(fields: [.name: "P\(number)", .status: "active"])
                        _ = try await server.client.setPartner(PartnerID(UInt64(number))!, patch, source: "set")
                    }
                }
                try await group.waitForAll()
            }
            #expect(server.directories.map(\.version) == Array(1...20))
            #expect(server.directories.last?.count == 20)
        }
    }
}
