import Foundation
import Logging
import NIOCore
import RawSockets
import Testing

@testable import BackOffice

@Suite("The back office's door bounds what one client can cost", .serialized, .timeLimit(.minutes(20)))
struct OfficeDoorTests {
    private static let short = TimeAmount.milliseconds(60)
    private static let publicFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Public/back-office").standardizedFileURL.path
    private static let style = "GET /static/style.css HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let half = "POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\nabc"

    /// A door on a real socket while `body` runs.
    ///
    /// - Parameter counted: what the only peer there is, 127.0.0.1, is counted as.
    private func open(
        counted: String? = nil, _ configure: (inout OfficeLimits) -> Void, _ body: (OfficeServer.Running) async throws -> Void
    ) async throws {
        let running = try RunningServer(folder: TemporaryFolder())
        let directory = DirectoryDesk(office: running.office, now: { RunningServer.now }) { _ in }
        var limits = OfficeLimits()
        limits.sweepInterval = .milliseconds(10)
        configure(&limits)
        let server = try OfficeServer(
            at: OfficeServer.Address(host: "127.0.0.1", port: 0), certificate: nil,
            desks: running.desks(directory, { ReloadReport(succeeded: true, lines: []) }),
            pageLibrary: try PageLibrary.load(folder: Self.publicFolder),
            peers: Peers(client: { peer, _ in peer }, isTrustedProxy: { _ in false }, counted: { _ in counted }),
            limits: limits, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let door = try await server.start()
        do {
            try await body(door)
        } catch {
            await door.shutdown()
            throw error
        }
        await door.shutdown()
    }

    @Test("a body that does not come to its end in time gets 408, however its bytes are spread")
    func slowBody() async throws {
        try await open({ $0.body = Self.short }) { door in
            let client = try RawClient(port: door.port)
            try client.send(Self.half)
            #expect(try await client.receiveAllUnlessReset().hasPrefix("HTTP/1.1 408 "))
            let dripping = try RawClient(port: door.port)
            try dripping.send(Self.half)
            await #expect(throws: RawClient.Failure.self) {
                while true {
                    _ = try dripping.sendAtOnce(Array("a".utf8))
                    try await Task.sleep(for: .milliseconds(1))
                }
            }
        }
    }

    @Test("a client that does not read its answers is cut off")
    func writeStall() async throws {
        try await open({ $0.writeStall = Self.short }) { door in
            let client = try RawClient(port: door.port, receiveBufferBytes: 4_096)
            let requests = Array(String(repeating: Self.style, count: 1_000).utf8)
            await #expect(throws: RawClient.Failure.self) {
                while true {
                    _ = try client.sendAtOnce(requests)
                    await Task.yield()
                }
            }
            while door.connectionCount > 0 { await Task.yield() }
        }
    }

    @Test("a connection on which nothing is asked, or no whole head comes, closes without a word")
    func idle() async throws {
        try await open({ $0.idle = Self.short }) { door in
            #expect(try await RawClient(port: door.port).receiveAllUnlessReset() == "")
            let client = try RawClient(port: door.port)
            try client.send("GET / HTTP/1.1\r\nHost")
            #expect(try await client.receiveAllUnlessReset() == "")
        }
    }

    @Test("one address has only its share of the connections, and room again when one has left; others have as many as there are")
    func connectionsPerAddress() async throws {
        let end = "GET /static/style.css HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        try await open(counted: "192.0.2.1", { $0.connectionsPerAddress = 1 }) { door in
            do {
                let first = try RawClient(port: door.port)
                while door.connectionCount < 1 { await Task.yield() }
                #expect(try await RawClient(port: door.port).receiveAllUnlessReset() == "")
                try first.send(end)
                #expect(try await first.receiveAllUnlessReset().hasPrefix("HTTP/1.1 200 "))
            }
            while door.connectionCount > 0 { await Task.yield() }
            let next = try RawClient(port: door.port)
            try next.send(end)
            #expect(try await next.receiveAllUnlessReset().hasPrefix("HTTP/1.1 200 "))
        }
        try await open(counted: nil, { $0.connectionsPerAddress = 1 }) { door in
            let clients = try (0..<3).map { _ in try RawClient(port: door.port) }
            for client in clients {
                try client.send(end)
                #expect(try await client.receiveAllUnlessReset().hasPrefix("HTTP/1.1 200 "))
            }
        }
    }
}

@Suite("The times of a connection")
struct ConnectionTimesTests {
    private static let limits = OfficeLimits()
    private let start = NIODeadline.uptimeNanoseconds(0)

    private func at(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }

    @Test("a body has its time from the head's end, whatever comes meanwhile; then nothing is waited for")
    func body() {
        var times = ConnectionTimes(limits: Self.limits)
        times.headCame(at: at(0))
        #expect(times.look(unread: 0, at: at(299)) == .carryOn)
        #expect(times.look(unread: 0, at: at(300)) == .refuse)
        times.bodyEnded()
        #expect(times.look(unread: 0, at: at(1_000)) == .carryOn && times.isWaiting)
        times.answerEnded(at: at(1_000))
        #expect(!times.isWaiting)
    }

    @Test("whose answer has begun already is told nothing more")
    func answered() {
        var times = ConnectionTimes(limits: Self.limits)
        times.headCame(at: at(0))
        times.answerBegan()
        #expect(times.look(unread: 0, at: at(300)) == .close)
        times.answerEnded(at: at(300))
        #expect(times.look(unread: 0, at: at(300)) == .close)
    }

    @Test("what is sent ahead has its time from when its turn comes")
    func ahead() {
        var times = ConnectionTimes(limits: Self.limits)
        times.headCame(at: at(0))
        times.bodyEnded()
        times.headCame(at: at(1))
        times.answerBegan()
        #expect(times.look(unread: 0, at: at(1_000)) == .carryOn)
        times.answerEnded(at: at(1_000))
        #expect(times.look(unread: 0, at: at(1_299)) == .carryOn)
        #expect(times.look(unread: 0, at: at(1_300)) == .refuse)
    }

    @Test("who reads on, however slowly, gets all; who reads nothing for a minute gets no more")
    func reading() {
        var times = ConnectionTimes(limits: Self.limits)
        times.headCame(at: at(0))
        times.bodyEnded()
        times.answerBegan()
        for minute in 0..<100 { #expect(times.look(unread: 100_000 - minute, at: at(59 * Int64(minute))) == .carryOn) }
        let last = 59 * Int64(99)
        #expect(times.look(unread: 0, at: at(last + 1)) == .carryOn)
        #expect(times.look(unread: 5, at: at(last + 100)) == .carryOn)
        #expect(times.look(unread: 5, at: at(last + 159)) == .carryOn)
        times.answerEnded(at: at(last + 159))
        #expect(times.isWaiting)
        #expect(times.look(unread: 5, at: at(last + 160)) == .close)
    }
}
