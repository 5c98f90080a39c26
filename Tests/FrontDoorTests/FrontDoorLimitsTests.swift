import Attribution
import NIOCore
import RawSockets
import Testing

@testable import FrontDoor

@Suite("The front door's limits", .serialized, .hangLimit)
struct FrontDoorLimitsTests {
    private static let short = TimeAmount.milliseconds(60)
    /// For what a client must have done before it runs out, on a slow machine too.
    private static let enough = TimeAmount.seconds(1)
    private static let get = "GET \(TestDoor.attributed) HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test("a head that does not come to its end in time gets 408, however its bytes are spread")
    func slowHead() async throws {
        try await TestDoor.open(configure: { $0.limits.head = Self.enough }) { door in
            let client = try door.connect()
            try client.send("GET / HTTP/1.1\r\nHost")
            #expect(try await client.receiveAll().statuses == [408])
        }
    }

    @Test("a body that does not come to its end in time gets 408")
    func slowBody() async throws {
        try await TestDoor.open(configure: { $0.limits.body = Self.short }) { door in
            let client = try door.connect()
            try client.send("POST /enterprisetry.html HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
            #expect(try await client.receiveAll().statuses == [408])
        }
    }

    @Test("a connection on which nothing is asked closes without a word")
    func idle() async throws {
        try await TestDoor.open(configure: { $0.limits.idle = Self.short }) { door in
            let client = try door.connect()
            _ = try await client.ask(Self.get)
            #expect(try await client.receiveAll() == "")
        }
        try await TestDoor.open(configure: { $0.limits.head = Self.short }) { door in
            let client = try door.connect()
            #expect(try await client.receiveAll() == "")
        }
    }

    @Test("a request that waits for its commit is not idle")
    func waitingForCommit() async throws {
        let configure: (inout FrontDoorConfiguration) -> Void = { configuration in
            configuration.limits.idle = Self.short
            configuration.limits.head = Self.enough
        }
        try await TestDoor.open(MemoryRecorder(.holding), configure: configure) { door in
            let waiting = try door.connect()
            try waiting.send(Self.get)
            while door.recorder.drafts.isEmpty { await Task.yield() }
            // A connection that came later and is idle has been closed by now.
            #expect(try await door.connect().receiveAll() == "")
            door.recorder.release(.committed)
            #expect(try await waiting.receive(until: "\r\n\r\n").contains("302 Found"))
        }
    }

    @Test("a commit that hangs costs the sign-up a 503 and not the visitor's patience, and the door says so until it is over")
    func hangingCommit() async throws {
        let configure: (inout FrontDoorConfiguration) -> Void = { $0.limits.commit = Self.short }
        let signup = Self.get.replacing("GET", with: "HEAD")
        let healthz = "HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
        try await TestDoor.open(MemoryRecorder(.holding), configure: configure) { door in
            let client = try door.connect()
            #expect(try await client.ask(signup).statuses == [503])
            #expect(try await client.ask(healthz).statuses == [503])
            // Behind it nothing is even tried.
            #expect(try await client.ask(signup).statuses == [503])
            #expect(door.recorder.drafts.count == 1)
            door.recorder.release(.committed)
            while try await client.ask(healthz).statuses == [503] { await Task.yield() }
            #expect(try await client.ask(signup).statuses == [302])
        }
    }

    @Test("a client that does not read its answers is cut off")
    func writeStall() async throws {
        try await TestDoor.open(configure: { $0.limits.writeStall = Self.short }) { door in
            let client = try RawClient(port: try #require(door.door.httpAddress).port, receiveBufferBytes: 4_096)
            let requests = Array(String(repeating: "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n", count: 1_000).utf8)
            do {
                while true {
                    _ = try client.sendAtOnce(requests)
                    await Task.yield()
                }
            } catch let failure as RawClient.Failure {
                // Broken pipe or reset: the server has closed.
                #expect(failure.call == "send")
            }
            while await door.door.connectionCount() > 0 { await Task.yield() }
        }
    }

    @Test("a refused client that goes on sending gets its answer, and is cut off after 64 KiB or 2 s")
    func drain() async throws {
        let refused = "GET / HTTP/9.9\r\n\r\n"
        try await TestDoor.open(configure: { $0.limits.drainBytes = 1_000 }) { door in
            let client = try door.connect()
            try client.send(refused)
            #expect(try await client.receive(until: "</html>\n").statuses == [505])
            #expect(throws: RawClient.Failure.self) {
                while true { try client.send([UInt8](repeating: 0, count: 1_000)) }
            }
        }
        try await TestDoor.open(configure: { $0.limits.drain = Self.short }) { door in
            let client = try door.connect()
            try client.send(refused)
            #expect(try await client.receiveAll().statuses == [505])
            while await door.door.connectionCount() > 0 { await Task.yield() }
        }
    }

    @Test("connections beyond the limit are closed, and others find room when one has left")
    func connections() async throws {
        try await TestDoor.open(configure: { $0.limits.connections = 2 }) { door in
            let first = try door.connect()
            let second = try door.connect()
            for client in [first, second] { #expect(try await client.ask(Self.get).contains("302")) }
            #expect(try await door.connect().receiveAllUnlessReset() == "")
            first.close()
            while await door.door.connectionCount() > 1 { await Task.yield() }
            #expect(try await door.connect().ask(Self.get).contains("302"))
        }
    }

    @Test("one address has only its share of the connections; loopback and proxies are exempt")
    func connectionsPerAddress() throws {
        var limits = FrontDoorLimits()
        limits.connectionsPerAddress = 1
        let register = ConnectionRegister(limits: limits, loops: 1)
        let proxies = TrustedProxies([try #require(AddressRange("10.0.0.0/8"))], recorded: .none)
        func enter(_ address: String) throws -> (Bool, Connection) {
            let peer = Peer(address: IPAddress(address.utf8), trustedProxies: proxies, recorded: .none)
            let connection = Connection(
                channel: EmptyChannel.make(), desk: try EmptyChannel.desk(limits), peer: peer, door: .https)
            return (register.enter(connection), connection)
        }
        let (isIn, first) = try enter("192.0.2.1")
        #expect(isIn)
        #expect(try !enter("192.0.2.1").0)
        #expect(try enter("192.0.2.2").0)
        #expect(try enter("2001:db8::1").0)
        #expect(try !enter("2001:db8::2").0)
        for address in ["127.0.0.1", "127.0.0.1", "10.0.0.1", "10.0.0.1", "::1", "::1"] { #expect(try enter(address).0) }
        register.leave(first)
        #expect(try enter("192.0.2.1").0)
    }
}

@Suite("The front door's end", .serialized, .hangLimit)
struct FrontDoorShutdownTests {
    @Test("closes idle connections and answers what is in flight after its commit")
    func graceful() async throws {
        let recorder = MemoryRecorder(.holding)
        try await TestDoor.open(recorder) { door in
            let idle = try door.connect()
            let begun = try door.connect()
            try begun.send("GET /ent")
            let asking = try door.connect()
            try asking.send("GET \(TestDoor.attributed) HTTP/1.1\r\nHost: a\r\n\r\n")
            while recorder.drafts.isEmpty { await Task.yield() }
            async let shutdown: Void = door.door.shutdown(grace: .hours(1))
            #expect(try await idle.receiveAll() == "")
            #expect(try await begun.receiveAll() == "")
            begun.close()
            #expect(asking.hasNothingToRead)
            recorder.release(.committed)
            let answer = try await asking.receiveAll()
            #expect(answer.statuses == [302])
            #expect(answer.contains("Connection: close\r\n"))
            await shutdown
            #expect(throws: RawClient.Failure.self) { try door.connect() }
        }
    }

    @Test("comes after its grace, whatever a client does")
    func forced() async throws {
        try await TestDoor.open(MemoryRecorder(.holding)) { door in
            let client = try door.connect()
            try client.send("GET \(TestDoor.attributed) HTTP/1.1\r\nHost: a\r\n\r\n")
            while door.recorder.drafts.isEmpty { await Task.yield() }
            // Nothing else would end it: the record is never committed.
            await door.door.shutdown(grace: .milliseconds(100))
            #expect(try await client.receiveAllUnlessReset() == "")
        }
    }

    @Test("new routes hold for the next request of an open connection")
    func replace() async throws {
        try await TestDoor.open { door in
            let client = try door.connect()
            let request = "GET \(TestDoor.attributed) HTTP/1.1\r\nHost: a\r\n\r\n"
            #expect(try await client.ask(request).contains("Location: https://signup.example.com/Signup?"))
            door.door.replace(try TestDoor.snapshot(target: "https://signup.example.com/Other"))
            await door.door.waitForChanges()
            #expect(try await client.ask(request).contains("Location: https://signup.example.com/Other?"))
        }
    }
}
