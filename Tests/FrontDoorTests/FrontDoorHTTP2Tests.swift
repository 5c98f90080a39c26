import Attribution
import NIOCore
import Testing

@testable import FrontDoor

@Suite("The front door over HTTP/2", .serialized, .hangLimit)
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
            // Refused before its body has come: the page must not be lost to the reset that follows.
            let early = try await client.ask("POST", path: "/nothing", fields: form, body: "Partner=4227824")
            #expect(early[":status"] == "404")
            #expect(early["content-length"] == String(early.body.utf8.count))
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
            // Neither the grace nor a limit ends within the test: that it returns shows that it waits for none of them.
            await door.door.shutdown(grace: .hours(1))
        }
    }

    @Test("a stream that is reset for a malformed message takes no other with it")
    func malformedStream() async throws {
        let folder = try TemporaryFolder()
        let settings = TLSSettings(pairs: try SelfSignedPair.make(in: folder.path).pairs)
        try await TestDoor.open(MemoryRecorder(.holding), tls: settings) { door in
            let client = try await RawHTTP2Client.connect(port: try #require(door.door.httpsAddress).port)
            try await client.ask(stream: 1, path: Array(TestDoor.attributed.utf8))
            while door.recorder.drafts.isEmpty { await Task.yield() }
            try await client.ask(stream: 3, path: Array("/enterprisetry.html?Partner=\t4227824".utf8))
            #expect(try await client.hears(RawHTTP2Client.Frame.reset, stream: 3))
            try await client.ask(stream: 5, path: Array(TestDoor.attributed.utf8))
            while door.recorder.drafts.count < 2 {
                try #require(client.isOpen)
                await Task.yield()
            }
            door.recorder.release(.committed)
            for stream in [1, 5] {
                #expect(try await client.hears(RawHTTP2Client.Frame.headers, stream: stream))
            }
            await client.close()
        }
    }

    @Test("a client that has ended can't hold its answers back for long")
    func closedWindow() async throws {
        let folder = try TemporaryFolder()
        let settings = TLSSettings(pairs: try SelfSignedPair.make(in: folder.path).pairs)
        let recorder = MemoryRecorder()
        try await TestDoor.open(recorder, tls: settings) {
            $0.limits.commit = .milliseconds(10)
            $0.limits.drain = .milliseconds(10)
        } _: { door in
            let port = try #require(door.door.httpsAddress).port
            // SETTINGS_INITIAL_WINDOW_SIZE: no byte of a body.
            let noWindow: [UInt8] = [0, 4, 0, 0, 0, 0]
            let client = try await RawHTTP2Client.connect(port: port, settings: noWindow, answersFarewell: false)
            try await client.ask(stream: 1, path: Array("/nothing".utf8))
            #expect(try await client.hears(RawHTTP2Client.Frame.headers, stream: 1))
            try await client.finishSending()
            // The other limits are beyond the test's end.
            try await client.waitUntilClosed()
        }
    }

    @Test("bytes that are not UTF-8 stay so: they are no value, and the record says why")
    func notUTF8() async throws {
        let folder = try TemporaryFolder()
        let settings = TLSSettings(pairs: try SelfSignedPair.make(in: folder.path).pairs)
        let recorder = MemoryRecorder()
        try await TestDoor.open(recorder, tls: settings) { door in
            door.door.replace(try Self.passingNote())
            await door.door.waitForChanges()
            let client = try await RawHTTP2Client.connect(port: try #require(door.door.httpsAddress).port)
            let path = Array("/t?Partner=".utf8) + [0xE9] + Array("&note=a".utf8) + [0xE9]
            try await client.ask(stream: 1, path: path, fields: [("user-agent", [0x41, 0xE9])])
            #expect(try await client.hears(RawHTTP2Client.Frame.headers, stream: 1))
            // What is UTF-8 is passed on as it came, percent-encoded or not.
            try await client.ask(stream: 3, path: Array("/t?Partner=4227824&note=%EF%BF%BD\u{E9}\u{FF21}".utf8))
            #expect(try await client.hears(RawHTTP2Client.Frame.headers, stream: 3))
            await client.close()
        }
        let drafts = recorder.drafts
        try #require(drafts.count == 2)
        #expect(drafts[0].outcome == .malformed)
        #expect(drafts[0].reason == .notUTF8)
        #expect(drafts[0].personal.fields.location == "https://signup.example.com/Signup")
        #expect(drafts[0].personal.fields.userAgent?.contains("%EF%BF%BD") == false)
        #expect(drafts[1].outcome == .attributed)
        #expect(drafts[1].personal.fields.location == "https://signup.example.com/Signup?note=%EF%BF%BD%C3%A9%EF%BC%A1")
    }

    /// A route that passes on almost any `note`.
    private static func passingNote() throws -> Snapshot {
        let snapshot = try TestDoor.snapshot()
        let anything = OutgoingParameter.Source.query(
            name: "note", filter: .pattern(try ValuePattern(".{1,50}")), maxLength: OutgoingParameter.defaultMaxLength
        )
        let route = Route(
            name: "t", version: "0123456789abcdef", paths: [try PathPattern("/t")],
            destination: Destination(
                url: "https://signup.example.com/Signup", host: "signup.example.com",
                query: [OutgoingParameter(name: "note", source: anything)]
            )
        )
        return Snapshot(routes: RouteTable(routes: [route]), directory: snapshot.directory, pages: snapshot.pages)
    }
}
