import Attribution
import NIOCore
import RawSockets
import Synchronization
import Testing

@testable import FrontDoor

/// Pages for customers that come when the test says so.
private final class HeldPages: CustomerPages {
    private struct State {
        var asked: [CustomerRequest] = []
        var tooLarge: [CustomerRequest] = []
        var held: [@Sendable (CustomerPage) -> Void] = []
    }

    private let state = Mutex(State())
    private let isHolding: Bool

    static let page = CustomerPage(status: 200, language: "fr", html: Array("<p>page</p>".utf8))
    static let instead = CustomerPage(status: 503, language: "fr", html: Array("<p>instead</p>".utf8), retryAfterSeconds: 5)

    init(isHolding: Bool = false) {
        self.isHolding = isHolding
    }

    var asked: [CustomerRequest] { state.withLock { $0.asked } }
    var tooLarge: [CustomerRequest] { state.withLock { $0.tooLarge } }

    func answer(_ request: CustomerRequest, complete: @escaping @Sendable (CustomerPage) -> Void) -> CustomerAnswer {
        state.withLock { state in
            state.asked.append(request)
            if isHolding { state.held.append(complete) }
        }
        return isHolding ? .later(instead: Self.instead) : .now(Self.page)
    }

    func noteTooLarge(_ request: CustomerRequest) { state.withLock { $0.tooLarge.append(request) } }

    /// Gives every page that is waited for, each twice: the second must do nothing.
    func release(_ page: CustomerPage = HeldPages.page) {
        let held = state.withLock { state in
            let held = state.held
            state.held = []
            return held
        }
        for complete in held + held { complete(page) }
    }
}

@Suite("Pages for customers", .serialized, .hangLimit)
struct CustomerPagesTests {
    private static func open(
        _ pages: HeldPages, tls: TLSSettings? = nil, configure: (inout FrontDoorConfiguration) -> Void = { _ in },
        _ body: (TestDoor) async throws -> Void
    ) async throws {
        try await TestDoor.open(tls: tls, configure: configure) { door in
            door.door.answerCustomers(by: pages)
            await door.door.waitForChanges()
            try await body(door)
        }
    }

    private static func last(_ request: String, _ fields: String = "", body: String = "") -> String {
        "\(request) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(fields)\r\n\(body)"
    }

    @Test("are answered with what keeps their links to themselves")
    func fields() async throws {
        try await Self.open(HeldPages()) { door in
            let client = try door.connect()
            try client.send(Self.last("GET /s/a.1.b?done=saved&x"))
            let answer = try await client.receiveAll()
            #expect(answer.statuses == [200] && answer.hasSuffix("\r\n\r\n<p>page</p>"))
            for field in [
                "content-type: text/html; charset=utf-8", "content-language: fr", "cache-control: no-store",
                "referrer-policy: no-referrer", "x-robots-tag: noindex, nofollow", "x-content-type-options: nosniff",
                "content-security-policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; "
                    + "form-action 'self'; base-uri 'none'",
            ] {
                #expect(answer.contains("\r\n\(field)\r\n"), "\(field)")
            }
            #expect(!answer.contains("Porter-Receipt") && !answer.lowercased().contains("set-cookie"))
            #expect(door.recorder.drafts.isEmpty && door.recorder.unmatched.isEmpty)
        }
    }

    @Test("are asked for with what was sent, and with no more of the address than records have")
    func request() async throws {
        let pages = HeldPages()
        try await Self.open(pages) { door in
            for request in [
                Self.last("GET /s/a%2Fb?c=d#e", "Accept-Language: fr, en\r\n"),
                Self.last("HEAD http://gateway.example/s/"),
                Self.last(
                    "POST /s/x", "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\nContent-Length: 3\r\n",
                    body: "a=b"),
                Self.last("POST /s/x", "Content-Type: text/plain\r\nContent-Length: 3\r\n", body: "a=b"),
            ] {
                let client = try door.connect()
                try client.send(request)
                #expect(try await client.receiveAll().statuses == [200])
            }
            let asked = pages.asked
            #expect(asked.map { String(decoding: $0.path, as: UTF8.self) } == ["a%2Fb", "", "x", "x"])
            #expect(asked.map { String(decoding: $0.query, as: UTF8.self) } == ["c=d", "", "", ""])
            #expect(asked.map(\.isPost) == [false, false, true, true])
            #expect(asked.map { $0.form.map { String(decoding: $0, as: UTF8.self) } } == [nil, nil, "a=b", nil])
            #expect(asked.map { String(decoding: $0.acceptLanguage, as: UTF8.self) } == ["fr, en", "", "", ""])
            #expect(asked.map(\.address) == ["127.0.0.0", "127.0.0.0", "127.0.0.0", "127.0.0.0"])
        }
    }

    @Test("have no address where records have none")
    func noAddress() async throws {
        let pages = HeldPages()
        try await Self.open(pages, configure: { $0.recordedAddress = .none }) { door in
            let client = try door.connect()
            try client.send(Self.last("GET /s/x"))
            _ = try await client.receiveAll()
            #expect(pages.asked.map(\.address) == [""])
        }
    }

    @Test("take GET, HEAD and POST alone; other paths are nobody's, and without anybody who answers there is nothing")
    func methods() async throws {
        let pages = HeldPages()
        try await Self.open(pages) { door in
            for method in ["PUT", "DELETE", "OPTIONS", "PATCH"] {
                let client = try door.connect()
                try client.send(Self.last("\(method) /s/x"))
                let answer = try await client.receiveAll()
                #expect(answer.statuses == [405] && answer.contains("allow: GET, HEAD, POST\r\n"))
            }
            for path in ["/s", "/S/x", "/%73/x", "//s/x"] {
                let client = try door.connect()
                try client.send(Self.last("GET \(path)"))
                #expect(try await client.receiveAll().statuses == [404])
            }
            #expect(pages.asked.isEmpty)
        }
        try await TestDoor.open { door in
            for request in [Self.last("GET /s/x"), Self.last("POST /s/x", "Content-Length: 3\r\n", body: "a=b")] {
                let client = try door.connect()
                try client.send(request)
                #expect(try await client.receiveAll().statuses == [404])
            }
        }
    }

    @Test("have nobody wait: sign-ups are answered while a page is made, and answers keep their order")
    func waiting() async throws {
        let pages = HeldPages(isHolding: true)
        try await Self.open(pages) { door in
            let slow = try door.connect()
            let signup = "GET \(TestDoor.attributed) HTTP/1.1\r\nHost: a\r\n\r\n"
            try slow.send("GET /s/x HTTP/1.1\r\nHost: a\r\n\r\n" + signup + Self.last("GET /robots.txt"))
            while pages.asked.isEmpty || door.recorder.drafts.isEmpty { await Task.yield() }
            let client = try door.connect()
            try client.send(Self.last("GET \(TestDoor.attributed)"))
            #expect(try await client.receiveAll().statuses == [302])
            #expect(slow.hasNothingToRead)
            pages.release()
            #expect(try await slow.receiveAll().statuses == [200, 302, 200])
        }
    }

    @Test("are given up when they take too long, and what comes then is thrown away")
    func givenUp() async throws {
        let pages = HeldPages(isHolding: true)
        try await Self.open(pages, configure: { $0.limits.customerPage = .milliseconds(20) }) { door in
            let client = try door.connect()
            try client.send("GET /s/x HTTP/1.1\r\nHost: a\r\n\r\n")
            let answer = try await client.receive(until: "<p>instead</p>")
            #expect(answer.statuses == [503] && answer.contains("retry-after: 5\r\n"))
            pages.release()
            try client.send(Self.last("GET /robots.txt"))
            #expect(try await client.receiveAll().statuses == [200])
        }
    }

    @Test("come to nobody whose connection is gone, nor to a door that is shut")
    func gone() async throws {
        let pages = HeldPages(isHolding: true)
        try await Self.open(pages) { door in
            let client = try door.connect()
            try client.send("GET /s/x HTTP/1.1\r\nHost: a\r\n\r\n")
            while pages.asked.isEmpty { await Task.yield() }
            client.close()
            // What was asked is answered, though nobody may read it: then the connection goes.
            pages.release()
            while await door.door.connectionCount() > 0 { await Task.yield() }
            let other = try door.connect()
            try other.send("GET /s/x HTTP/1.1\r\nHost: a\r\n\r\n")
            while pages.asked.count < 2 { await Task.yield() }
            await door.door.shutdown(grace: .milliseconds(50))
            pages.release()
        }
    }

    @Test("lead elsewhere when they say so")
    func redirect() async throws {
        let pages = HeldPages(isHolding: true)
        try await Self.open(pages) { door in
            let client = try door.connect()
            try client.send(Self.last("POST /s/x"))
            while pages.asked.isEmpty { await Task.yield() }
            pages.release(CustomerPage(status: 303, language: "en", html: [], location: "/s/x?done=saved"))
            let answer = try await client.receiveAll()
            #expect(answer.statuses == [303] && answer.contains("location: /s/x?done=saved\r\n"))
            #expect(answer.contains("Content-Length: 0\r\n"))
        }
    }

    @Test("are not asked for with a body that is too large, which is noted, whether its length was said or not")
    func tooLarge() async throws {
        let pages = HeldPages()
        try await Self.open(pages) { door in
            for (length, status) in [
                ("8192", 200), ("8193", 413), ("00008193", 413), ("99999999999", 413), ("9999999999999999", 413),
                ("0", 200),
            ] {
                let client = try door.connect()
                let body = status == 200 ? String(repeating: "x", count: Int(length) ?? 0) : ""
                try client.send(Self.last("POST /s/x", "Content-Length: \(length)\r\n", body: body))
                client.finishSending()
                #expect(try await client.receiveAll().statuses == [status], "\(length)")
            }
            #expect(pages.asked.count == 2 && pages.tooLarge.count == 4)
            #expect(pages.tooLarge.allSatisfy { $0.path == Array("x".utf8) && $0.form == nil })
            let client = try door.connect()
            let chunks = "2001\r\n" + String(repeating: "x", count: 0x2001) + "\r\n0\r\n\r\n"
            try client.send(Self.last("POST /s/x", "Transfer-Encoding: chunked\r\n", body: chunks))
            client.finishSending()
            #expect(try await client.receiveAll().statuses == [413])
            #expect(pages.asked.count == 2 && pages.tooLarge.count == 5)
        }
    }

    @Test("are the same over HTTP/2")
    func http2() async throws {
        let folder = try TemporaryFolder()
        let settings = TLSSettings(pairs: try SelfSignedPair.make(in: folder.path).pairs)
        let pages = HeldPages(isHolding: true)
        try await Self.open(pages, tls: settings) { door in
            let client = try await HTTP2Client.connect(port: try #require(door.door.httpsAddress).port)
            let form = [("content-type", "application/x-www-form-urlencoded")]
            async let posted = client.ask("POST", path: "/s/x?y", fields: form, body: "a=b")
            async let got = client.ask(path: "/s/z")
            async let signup = client.ask(path: TestDoor.attributed)
            #expect(try await signup[":status"] == "302")
            while pages.asked.count < 2 { await Task.yield() }
            pages.release()
            for answer in try await [posted, got] {
                #expect(answer[":status"] == "200" && answer.body == "<p>page</p>")
                #expect(answer["cache-control"] == "no-store" && answer["x-robots-tag"] == "noindex, nofollow")
                #expect(answer["content-length"] == "11")
            }
            #expect(Set(pages.asked.map(\.path)) == [Array("x".utf8), Array("z".utf8)])
            #expect(pages.asked.first { $0.isPost }?.form == Array("a=b".utf8))
            let large = try await client.ask("POST", path: "/s/x", fields: form, body: String(repeating: "x", count: 8_193))
            #expect(large[":status"] == "413")
            #expect(pages.tooLarge.map(\.path) == [Array("x".utf8)])
            try? await client.channel.close()
        }
    }
}
