import Attribution
import NIOCore
import RawSockets
import Synchronization
import Testing

@testable import FrontDoor

@Suite("The front door over HTTP/1", .serialized)
struct FrontDoorHTTP1Tests {
    static let get = "GET \(TestDoor.attributed) HTTP/1.1\r\nHost: gateway.example\r\n\r\n"

    @Test("redirects an attributed sign-up and records it first")
    func redirect() async throws {
        try await TestDoor.open { door in
            let answer = try await door.connect().ask(Self.get)
            #expect(answer.hasPrefix("HTTP/1.1 302 Found\r\nDate: "))
            #expect(answer.contains("\r\nLocation: https://signup.example.com/Signup?msppid=4227824\r\n"))
            #expect(answer.contains("\r\nCache-Control: no-store\r\n"))
            #expect(answer.contains("\r\nContent-Length: 0\r\n"))
            let draft = try #require(door.recorder.drafts.first)
            #expect(door.recorder.drafts.count == 1)
            #expect(answer.contains("\r\nPorter-Receipt: \(draft.receipt)\r\n"))
            #expect(draft.outcome == .attributed)
            #expect(draft.personal.fields.address?.recorded == "127.0.0.0")
            #expect(draft.scheme == .http)
        }
    }

    @Test("answers nothing before the record is committed")
    func waitsForCommit() async throws {
        try await TestDoor.open(MemoryRecorder(.holding)) { door in
            let client = try door.connect()
            try client.send(Self.get)
            while door.recorder.drafts.isEmpty { await Task.yield() }
            // Another connection's answer shows that the loop has been round since.
            #expect(try await door.connect().ask("HEAD /robots.txt HTTP/1.1\r\nHost: a\r\n\r\n").contains("200 OK"))
            #expect(client.hasNothingToRead)
            door.recorder.release(.committed)
            #expect(try await client.receive(until: "\r\n\r\n").contains("302 Found"))
        }
    }

    @Test("answers 503 when the ledger is full, and when it fails", arguments: [MemoryRecorder.Mode.full, .failing])
    func unavailable(mode: MemoryRecorder.Mode) async throws {
        try await TestDoor.open(MemoryRecorder(mode)) { door in
            let client = try door.connect()
            try client.send(Self.get + "GET /healthz HTTP/1.0\r\n\r\n")
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
            #expect(answer.contains("retry-after: 5\r\n"))
            #expect(!answer.contains("Location") && !answer.contains("Porter-Receipt"))
            #expect(answer.contains("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test("closes after HTTP/1.0, and stays when asked to")
    func http10() async throws {
        try await TestDoor.open { door in
            let once = try door.connect()
            try once.send("GET \(TestDoor.attributed) HTTP/1.0\r\n\r\n")
            let answer = try await once.receiveAll()
            #expect(answer.contains("\r\nConnection: close\r\n"))

            let client = try door.connect()
            let request = "GET \(TestDoor.attributed) HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"
            #expect(try await client.ask(request).contains("\r\nConnection: keep-alive\r\n"))
            #expect(try await client.ask(request).contains("302 Found"))
        }
    }

    @Test("answers 50 pipelined requests in order after the client has closed its half")
    func pipelining() async throws {
        try await TestDoor.open { door in
            let client = try door.connect()
            let paths = (0..<50).map { $0.isMultiple(of: 3) ? "/missing\($0)" : TestDoor.attributed }
            try client.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
            client.finishSending()
            let statuses = try await client.receiveAll().statuses
            #expect(statuses == paths.map { $0 == TestDoor.attributed ? 302 : 404 })
            #expect(door.recorder.unmatched.first == "/missing0")
        }
    }

    @Test("reads no further than 32 unanswered requests")
    func backpressure() async throws {
        try await TestDoor.open(MemoryRecorder(.holding)) { door in
            let client = try door.connect()
            let bytes = Array(String(repeating: Self.get, count: 100_000).utf8)
            var sent = 0
            while true {
                let count = try client.sendAtOnce(Array(bytes[sent..<min(sent + 65_536, bytes.count)]))
                if count == 0, door.recorder.drafts.count == 32 { break }
                sent += count
                await Task.yield()
            }
            // The rest stays in the sockets' buffers, which are bounded.
            #expect(sent < bytes.count)
            #expect(door.recorder.drafts.count == 32)
            door.recorder.release(.committed)
            #expect(try await client.receiveSome().count > 0)
        }
    }

    @Test("answers HEAD as it answers GET, without a body")
    func head() async throws {
        try await TestDoor.open { door in
            let client = try door.connect()
            #expect(try await client.ask("HEAD \(TestDoor.attributed) HTTP/1.1\r\nHost: a\r\n\r\n").contains("302 Found"))
            let answer = try await client.ask("HEAD /nothing HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer.contains("404 Not Found"))
            #expect(!answer.contains("Content-Length: 0"))
            #expect(try await client.ask("HEAD /nothing HTTP/1.1\r\nHost: a\r\n\r\n").contains("404 Not Found"))
        }
    }

    @Test(
        "answers a refused HEAD without a body",
        arguments: [
            ("HEAD / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400), ("HEAD / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
            ("HEAD / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n", 417), ("HEAD / HTTP/2.1\r\n\r\n", 505),
            ("HEAD / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
            ("HEAD /" + String(repeating: "a", count: 9_000) + " HTTP/1.1\r\n\r\n", 414),
        ])
    func refusedHead(request: String, status: Int) async throws {
        let answer = try await refusal(of: request)
        #expect(answer.statuses == [status])
        #expect(answer.hasSuffix("\r\n\r\n"))
    }

    /// Everything that is answered to a refused request until the connection ends.
    private func refusal(of request: String) async throws -> String {
        var answer = ""
        try await TestDoor.open { door in
            let client = try door.connect()
            try client.send(request)
            // Closing our half lets the draining end before its time.
            client.finishSending()
            answer = try await client.receiveAll()
        }
        return answer
    }

    @Test("takes a form by length and in chunks, and answers 303")
    func post() async throws {
        try await TestDoor.open { door in
            let client = try door.connect()
            let head = "POST /enterprisetry.html HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            let plain = try await client.ask(head + "Content-Length: 15\r\n\r\nPartner=4227824")
            #expect(plain.hasPrefix("HTTP/1.1 303 See Other\r\n"))
            #expect(plain.contains("msppid=4227824"))
            let chunks = "8;x=y\r\nPartner=\r\n7\r\n4227824\r\n0\r\nT: u\r\n\r\n"
            let chunked = try await client.ask(head + "Transfer-Encoding: chunked\r\n\r\n" + chunks)
            #expect(chunked.contains("msppid=4227824"))
            try client.send(head + "Content-Length: 15\r\nExpect: 100-continue\r\n\r\n")
            #expect(try await client.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            #expect(try await client.ask("Partner=4227824").contains("msppid=4227824"))
        }
    }

    @Test(
        "refuses bad messages with their status, and closes",
        arguments: [
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\n\tfolded\r\n\r\n", 400),
            ("GET / HTTP/1.1\nHost: a\n\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", 400),
            ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
            ("POST /enterprisetry.html HTTP/1.1\r\nHost: a\r\nContent-Length: 8193\r\n\r\n", 413),
            ("POST /enterprisetry.html HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2001\r\n", 413),
            ("POST /enterprisetry.html HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
            ("POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 8193\r\n\r\n", 404),
            ("PUT /enterprisetry.html HTTP/1.1\r\nHost: a\r\nContent-Length: 8193\r\n\r\n", 405),
            ("POST /enterprisetry.html HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 1\r\n\r\n", 417),
            ("GET /" + String(repeating: "a", count: 8_192) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414),
            ("GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 16_384) + "\r\n\r\n", 431),
            ("GET / HTTP/1.1\r\n" + String(repeating: "X: y\r\n", count: 101) + "\r\n", 431),
            ("GET / HTTP/3.0\r\n\r\n", 505),
        ]
    )
    func refusals(request: String, status: Int) async throws {
        let answer = try await refusal(of: request)
        #expect(answer.statuses == [status])
        #expect(answer.contains("\r\nConnection: close\r\n"))
    }

    @Test("answers 405 with Allow, 404, and its own paths, and stays open")
    func ownAnswers() async throws {
        try await TestDoor.open { door in
            let client = try door.connect()
            let requests = [
                "DELETE /enterprisetry.html", "POST /healthz", "GET /healthz", "GET /robots.txt", "GET /favicon.ico", "GET /s/x",
            ]
            try client.send(requests.map { "\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
            client.finishSending()
            let answer = try await client.receiveAll()
            #expect(answer.statuses == [405, 405, 200, 200, 204, 404])
            #expect(answer.contains("allow: GET, HEAD, POST\r\n"))
            #expect(answer.contains("Disallow: /\n"))
            #expect(!answer.contains("Connection: close"))
            #expect(door.recorder.unmatched.isEmpty)
            door.recorder.isHealthy = false
            #expect(try await door.connect().ask("HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n").contains("503"))
        }
    }

    @Test("rejects with a page that names the receipt and may load nothing")
    func rejection() async throws {
        try await TestDoor.open { door in
            let client = try door.connect()
            try client.send("GET /strict.html?Partner=xxxxx HTTP/1.0\r\n\r\n")
            let answer = try await client.receiveAll()
            let draft = try #require(door.recorder.drafts.first)
            #expect(answer.statuses == [400])
            #expect(answer.contains("porter-receipt: \(draft.receipt)\r\n"))
            #expect(answer.contains("content-security-policy: default-src 'none'"))
            #expect(answer.contains("cache-control: no-store\r\n"))
            #expect(answer.contains("<p>Reference: \(draft.receipt)</p>"))
        }
    }

    @Test("decides bytes from 0x80 and a tab in the target")
    func oddTarget() async throws {
        try await TestDoor.open { door in
            let client = try door.connect()
            try client.send(Array("GET /enterprisetry.html?x=".utf8) + [0xE9, 0x09, 0xFF])
            try client.send("&Partner=4227824 HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.receive(until: "\r\n\r\n").contains("msppid=4227824"))
        }
    }

    @Test("a form is recorded with the time at which its head was complete, however long its body takes")
    func timeOfTheHead() async throws {
        let noon = Timestamp(microseconds: 1_475_496_000_000_000)
        let clock = Mutex(noon)
        let configure: (inout FrontDoorConfiguration) -> Void = { configuration in
            configuration.surroundings = Surroundings(
                now: { clock.withLock { $0 } }, fillWithRandom: Surroundings.system.fillWithRandom)
        }
        try await TestDoor.open(configure: configure) { door in
            let client = try door.connect()
            try client.send(
                """
                POST /enterprisetry.html HTTP/1.1\r\nHost: a\r\nContent-Length: 15\r\nExpect: 100-continue\r\n\
                Content-Type: application/x-www-form-urlencoded\r\n\r\n
                """)
            #expect(try await client.receive(until: "\r\n\r\n").contains("100 Continue"))
            clock.withLock { $0 = Timestamp(microseconds: noon.microseconds + 9_000_000) }
            try client.send("Partner=4227824")
            #expect(try await client.receive(until: "\r\n\r\n").statuses == [303])
            #expect(door.recorder.drafts.map(\.time) == [noon])
        }
    }

    @Test("reads nothing after Connection: close")
    func afterClose() async throws {
        try await TestDoor.open { door in
            let client = try door.connect()
            try client.send("GET \(TestDoor.attributed) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + Self.get)
            client.finishSending()
            #expect(try await client.receiveAll().statuses == [302])
            #expect(door.recorder.drafts.count == 1)
        }
    }

    @Test("gives the requests of one turn to the recorder together")
    func batches() async throws {
        try await TestDoor.open { door in
            let client = try door.connect()
            try client.send(String(repeating: Self.get, count: 10))
            client.finishSending()
            #expect(try await client.receiveAll().statuses.count == 10)
            #expect(door.recorder.batchSizes == [10])
        }
    }
}

extension String {
    /// The statuses of the answers in a stream of them.
    var statuses: [Int] {
        split(separator: "HTTP/1.1 ").compactMap { Int($0.prefix(3)) }
    }
}
