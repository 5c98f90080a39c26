import Attribution
import Measures
import NIOCore
import RawSockets
import Testing

@testable import FrontDoor

@Suite("What the front door counts", .serialized, .hangLimit)
struct MeasuresTests {
    private static func get(_ target: String) -> String { "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n" }

    private static func last(_ target: String, _ method: String = "GET") -> String {
        "\(method) \(target) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    }

    /// The statuses that requests get on a connection that ends with them.
    private static func statuses(_ door: TestDoor, _ requests: String) async throws -> [Int] {
        let client = try door.connect()
        try client.send(requests)
        return try await client.receiveAll().statuses
    }

    private static func measures(_ door: TestDoor) async throws -> FrontDoorMeasures {
        try #require(await door.door.measures())
    }

    @Test("sign-ups are counted by route and outcome, once they are committed and answered")
    func signups() async throws {
        try await TestDoor.open(MemoryRecorder(.holding)) { door in
            let client = try door.connect()
            try client.send(Self.get(TestDoor.attributed) + Self.get("/strict.html?Partner=x") + Self.last("/enterprisetry.html"))
            while door.recorder.drafts.count < 3 { await Task.yield() }
            let before = try await Self.measures(door)
            #expect(before.signups.values.allSatisfy { $0.values.allSatisfy { $0 == 0 } })
            #expect(before.decideDurations.count == 3 && before.wholeDurations.count == 0)
            door.recorder.release(.committed)
            #expect(try await client.receiveAll().statuses == [302, 400, 302])
            let after = try await Self.measures(door)
            #expect(after.signups.keys.sorted() == ["enterprise-trial", "strict"])
            #expect(after.signups["enterprise-trial"]?.filter { $0.value > 0 } == [.attributed: 1, .missing: 1])
            #expect(after.signups["strict"]?.filter { $0.value > 0 } == [.malformed: 1])
            #expect(after.signups["strict"]?.count == Outcome.allCases.count, "outcomes that did not come are zero")
            #expect(after.wholeDurations.count == 3)
            // A rejection has its record: it is no refusal.
            #expect(after.refused.isEmpty && after.unavailable == 0)
        }
    }

    @Test("sign-ups without a record are counted as unavailable", arguments: [MemoryRecorder.Mode.full, .failing])
    func unavailable(mode: MemoryRecorder.Mode) async throws {
        try await TestDoor.open(MemoryRecorder(mode)) { door in
            #expect(try await Self.statuses(door, Self.last(TestDoor.attributed)) == [503])
            let measures = try await Self.measures(door)
            #expect(measures.unavailable == 1 && measures.wholeDurations.count == 1)
            #expect(measures.signups.values.allSatisfy { $0.values.allSatisfy { $0 == 0 } })
            #expect(measures.refused.isEmpty)
        }
    }

    @Test("a route that is gone keeps its counts, and one whose file changed goes on where it was")
    func reloaded() async throws {
        try await TestDoor.open { door in
            #expect(try await Self.statuses(door, Self.get(TestDoor.attributed) + Self.last("/strict.html")) == [302, 400])
            let snapshot = try TestDoor.snapshot()
            let rest = RouteTable(routes: snapshot.routes.routes.filter { $0.name == "enterprise-trial" })
            door.door.replace(Snapshot(routes: rest, directory: snapshot.directory, pages: snapshot.pages))
            await door.door.waitForChanges()
            #expect(try await Self.statuses(door, Self.last(TestDoor.attributed)) == [302])
            let measures = try await Self.measures(door)
            #expect(measures.signups["enterprise-trial"]?[.attributed] == 2)
            #expect(measures.signups["strict"]?[.missing] == 1)
            #expect(measures.refused.isEmpty)
        }
    }

    @Test("refused requests are counted by status, and paths that no route has by themselves")
    func refused() async throws {
        try await TestDoor.open { door in
            for target in ["/nowhere", "/s/later"] {
                #expect(try await Self.statuses(door, Self.last(target)) == [404])
            }
            #expect(try await Self.statuses(door, Self.last("/enterprisetry.html", "PUT")) == [405])
            #expect(try await Self.statuses(door, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n") == [400])
            #expect(try await Self.statuses(door, Self.last("/healthz")) == [200])
            let measures = try await Self.measures(door)
            #expect(measures.refused == [404: 2, 405: 1, 400: 1])
            #expect(measures.unmatched == 1, "what is kept for pages to come says nothing of mistyped links")
            #expect(measures.decideDurations.count == 0)
            #expect(measures.accepted == [.http: 5])
        }
    }

    @Test("connections are counted where they are, and those that found no place")
    func connections() async throws {
        try await TestDoor.open(configure: { $0.limits.connections = 1 }) { door in
            let client = try door.connect()
            // An answer without a body, after which the connection stays.
            _ = try await client.ask("HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            let refused = try door.connect()
            #expect(try await refused.receiveAll() == "")
            let measures = try await Self.measures(door)
            #expect(measures.open == [FrontDoorMeasures.Place(door: .http, stage: .http1): 1])
            #expect(measures.accepted == [.http: 1] && measures.turnedAway == 1)
        }
    }

    @Test("a door that is shut tells nothing")
    func shut() async throws {
        try await TestDoor.open { door in
            await door.door.shutdown()
            let measures = await door.door.measures()
            #expect(measures == nil)
        }
    }
}
