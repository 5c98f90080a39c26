import Testing

@testable import Probe

@Suite("The probe without a TLS server at the other end")
struct ProbeConnectionTests {
    private func reason(port: Int, timeout: Duration = .seconds(10)) -> String? {
        Probe(target: ProbeTarget(host: "127.0.0.1", port: port), timeout: timeout).run(as: .server2016).reason
    }

    @Test("says that nothing listens")
    func refused() throws {
        let listener = try LoopbackListener()
        let port = listener.port
        listener.close()
        #expect(reason(port: port) == "the connection was refused: nothing listens on that port")
    }

    @Test("gives up on a server that never shakes hands")
    func stalled() throws {
        let listener = try LoopbackListener()
        #expect(reason(port: listener.port, timeout: .milliseconds(300)) == "timed out while shaking hands (TLS)")
        listener.close()
    }

    @Test("says that the port does not speak TLS")
    func plain() throws {
        let listener = try LoopbackListener()
        listener.answerOnce(with: "HTTP/1.1 400 Bad Request\r\n\r\n")
        #expect(reason(port: listener.port) == "the server does not speak TLS on that port")
        listener.close()
    }

    @Test("says that the server hung up")
    func closed() throws {
        let listener = try LoopbackListener()
        listener.answerOnce(with: "")
        #expect(reason(port: listener.port) == "the server closed the connection while shaking hands (TLS)")
        listener.close()
    }

    @Test(
        "reads HOST and HOST:PORT",
        arguments: [
            ("gateway.example.com", "gateway.example.com", nil), ("127.0.0.1:8443", "127.0.0.1", 8_443), ("[::1]", "::1", nil),
            ("[::1]:8443", "::1", 8_443), ("a:443", "a", 443),
        ] as [(String, String, Int?)])
    func targets(text: String, host: String, port: Int?) throws {
        let target = try #require(ProbeTarget(text))
        #expect(target.host == host)
        #expect(target.port == port ?? 443)
        #expect(target.isPortGiven == (port != nil))
    }

    @Test("tells addresses, which have no place in SNI, from names", arguments: ["127.0.0.1", "::1", "2001:db8::1"])
    func addresses(host: String) {
        #expect(ProbeTarget(host: host).isAddress)
        #expect(!ProbeTarget(host: "a" + host.replacing(":", with: "")).isAddress)
    }

    @Test("asks without TLS, too")
    func plainHTTP() throws {
        let listener = try LoopbackListener()
        let recording = listener.answerOnce(with: "HTTP/1.1 308 Permanent Redirect\r\nLocation: https://a/\r\n\r\n")
        let result = Probe(target: ProbeTarget(host: "127.0.0.1", port: listener.port), path: "/x").runPlain()
        #expect(result.status == 308)
        #expect(result.location == "https://a/")
        #expect(result.reason == "answered 308, which Internet Explorer 11 does not follow everywhere")
        let request = String(decoding: recording.bytes, as: UTF8.self)
        #expect(request.hasPrefix("GET /x HTTP/1.1\r\nHost: 127.0.0.1:\(listener.port)\r\n"))
        #expect(request.contains("\r\nPorter-Test: 1\r\n"))
        listener.close()
    }

    /// The status and the reason of a server that sends the text and closes.
    private func outcome(of text: String, path: String = "/x") throws -> (status: Int?, reason: String?) {
        let listener = try LoopbackListener()
        defer { listener.close() }
        listener.answerOnce(with: text)
        let result = Probe(target: ProbeTarget(host: "127.0.0.1", port: listener.port), path: path).runPlain()
        return (result.status, result.reason)
    }

    @Test("passes over what comes before the answer")
    func interim() throws {
        let redirect = "HTTP/1.1 302 Found\r\nLocation: https://signup.example.com/\r\n\r\n"
        let outcome = try outcome(of: "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + redirect)
        #expect(outcome.status == 302)
        #expect(outcome.reason == nil)
    }

    @Test(
        "takes no part of a head for an answer",
        arguments: [
            "HTTP/1.1 302 Found\r\nLocation: https://signup.exa",
            "HTTP/1.1 302 Found\r\nLocation: https://signup.example.com/\r\n",
        ])
    func cut(text: String) throws {
        let outcome = try outcome(of: text)
        #expect(outcome.status == nil)
        #expect(outcome.reason == "the answer broke off, or its head is longer than 64 KiB")
    }

    @Test(
        "takes no Location that leads nowhere for a sign-up",
        arguments: [
            ("", "answered 302 with an empty Location"),
            ("javascript:alert(1)", "answered 302 with a Location that is no http or https address"),
            ("/x", "answered 302 with the asked URL itself as Location: a browser goes round in circles"), ("/y", nil),
        ] as [(String, String?)])
    func locations(location: String, reason: String?) throws {
        let outcome = try outcome(of: "HTTP/1.1 302 Found\r\nLocation: \(location)\r\n\r\n")
        #expect(outcome.status == 302)
        #expect(outcome.reason == reason)
    }

    @Test("takes the same path with TLS for another address")
    func upgrade() throws {
        let outcome = try outcome(of: "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1/x\r\n\r\n")
        #expect(outcome.reason == nil)
    }

    @Test(
        "refuses what is no host and port",
        arguments: ["", ":443", "a:", "a:0", "a:65536", "a:b", "a b", "a\r\nX: y", "https://a/", "[::1", "[::1]x", "a/b", "ä"])
    func notTargets(text: String) {
        #expect(ProbeTarget(text) == nil)
    }
}
