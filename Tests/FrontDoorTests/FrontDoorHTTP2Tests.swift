import Attribution
import NIOCore
import Testing

@testable import FrontDoor

@Suite("The front door over HTTP/2", .serialized, .timeLimit(.minutes(1)))
struct FrontDoorHTTP2Tests {
    private func open(
        _ recorder: MemoryRecorder = MemoryRecorder(), configure: (inout FrontDoorConfiguration) -> Void = { _ in },
        _ body: (TestDoor, HTTP2Client) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let settings = TLSSettings(pairs: try SelfSignedPair.make(in: folder.path).pairs)
        try await TestDoor.open(recorder, tls: settings, configure: configure) { door in
            let client = try await HTTP2Client.connect(port: try #require(door.door.httpsAddress).port)
            try await body(door, client)
            try? await client.channel.close()
        }
    }

    @Test("redirects with the same fields as over HTTP/1")
    func redirect() async throws {
        try await open { door, client in
            let answer = try await client.ask(path: TestDoor.attributed)
            #expect(answer[":status"] == "302")
            #expect(answer["location"] == "https://signup.example.com/Signup?msppid=4227824")
            #expect(answer["cache-control"] == "no-store")
            #expect(answer["content-length"] == "0")
            #expect(answer["date"]?.hasSuffix(" GMT") == true)
            let draft = try #require(door.recorder.drafts.first)
            #expect(answer["porter-receipt"] == draft.receipt.description)
            #expect(draft.tlsVersion == .tls13)
        }
    }

    @Test("takes a form, refuses a body that is too large, answers HEAD without one")
    func bodies() async throws {
        try await open { _, client in
            let form = [("content-type", "application/x-www-form-urlencoded")]
            let posted = try await client.ask("POST", path: "/enterprisetry.html", fields: form, body: "Partner=4227824")
            #expect(posted[":status"] == "303")
            #expect(posted["location"]?.hasSuffix("msppid=4227824") == true)
            let large = try await client.ask(
                "POST", path: "/enterprisetry.html", fields: form, body: String(repeating: "x", count: 8_193)
            )
            #expect(large[":status"] == "413")
            let missing = try await client.ask(path: "/nothing")
            #expect(missing[":status"] == "404")
            #expect(missing["content-length"] == String(missing.body.utf8.count))
            let head = try await client.ask("HEAD", path: "/nothing")
            #expect(head["content-length"] == missing["content-length"])
            #expect(head.body == "")
        }
    }

    @Test("takes :authority for Host, and refuses a Host that differs")
    func authority() async throws {
        try await open { _, client in
            let same = try await client.ask(path: "/robots.txt", fields: [("host", "gateway.example")])
            #expect(same[":status"] == "200")
            let other = try await client.ask(path: "/robots.txt", fields: [("host", "other.example")])
            #expect(other[":status"] == "400")
        }
    }

    @Test("answers many streams after one commit, each with its own receipt")
    func streams() async throws {
        try await open(MemoryRecorder(.holding)) { door, client in
            async let first = client.ask(path: TestDoor.attributed)
            async let second = client.ask(path: TestDoor.attributed)
            async let third = client.ask(path: "/strict.html")
            while door.recorder.drafts.count < 3 { await Task.yield() }
            door.recorder.release(.committed)
            let receipts = try await [first, second, third].map { $0["porter-receipt"] }
            #expect(Set(receipts).count == 3)
            #expect(Set(receipts) == Set(door.recorder.drafts.map(\.receipt.description)))
        }
        try await open(MemoryRecorder(.failing)) { _, client in
            let answer = try await client.ask(path: TestDoor.attributed)
            #expect(answer[":status"] == "503")
            #expect(answer["porter-receipt"] == nil)
        }
    }

    @Test("says farewell to an idle connection, and when the server stops")
    func end() async throws {
        try await open(configure: { $0.limits.idle = .milliseconds(50) }) { _, client in
            _ = try await client.ask(path: "/robots.txt")
            try await client.channel.closeFuture.get()
        }
        try await open { door, client in
            _ = try await client.ask(path: "/robots.txt")
            let start = ContinuousClock.now
            await door.door.shutdown(grace: .seconds(3))
            #expect(ContinuousClock.now - start < .seconds(2))
        }
    }
}
