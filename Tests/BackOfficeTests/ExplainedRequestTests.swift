import Attribution
import Testing

@testable import porter

@Suite("The request that explain makes of its arguments")
struct ExplainedRequestTests {
    private func request(
        _ url: String,
        method: String? = nil,
        headers: [String] = [],
        form: String? = nil,
        host: String? = nil
    ) throws -> SignupRequest {
        try ExplainedRequest(
            url: Array(url.utf8),
            method: method,
            headers: headers.map { Array($0.utf8) },
            form: form.map { Array($0.utf8) },
            host: host
        ).signupRequest()
    }

    private func text(_ bytes: ArraySlice<UInt8>?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    /// No request comes of it, and one line says why.
    private func expectRefusal(
        _ request: @autoclosure () throws -> SignupRequest,
        saying parts: String...,
        at location: SourceLocation = #_sourceLocation
    ) {
        do {
            _ = try request()
            Issue.record("it is taken", sourceLocation: location)
        } catch let failure as CommandFailure {
            #expect(failure.exitCode == CommandFailure.badRequest, sourceLocation: location)
            #expect(!failure.message.contains("\n"), sourceLocation: location)
            for part in parts { #expect(failure.message.contains(part), sourceLocation: location) }
        } catch {
            Issue.record(error, sourceLocation: location)
        }
    }

    @Test(
        "is what a client would send for the URL",
        arguments: [
            ("https://a.example/x?y=1#z", "/x?y=1#z", "a.example", SignupRequest.Scheme.https),
            ("HTTP://user:secret@a.example:8080", "/", "a.example:8080", .http),
            ("http://a.example?x=http://b.example/", "/?x=http://b.example/", "a.example", .http),
            ("http://[::1]:8080/\t\u{E9}", "/\t\u{E9}", "[::1]:8080", .http),
        ]
    )
    func absolute(url: String, target: String, host: String, scheme: SignupRequest.Scheme) throws {
        let request = try request(url)
        #expect(text(request.head.methodBytes) == "GET")
        #expect(text(request.head.targetBytes) == target)
        #expect(text(request.head[.host]) == host)
        #expect(request.head.version == .http11 && request.head.fieldCount == 1)
        #expect(request.scheme == scheme && request.body == nil)
    }

    @Test("has the form's type and length, unless headers say them")
    func form() throws {
        let plain = try request("/x", form: "a=1", host: "a.example")
        #expect(text(plain.head.methodBytes) == "POST" && plain.body == Array("a=1".utf8))
        #expect(text(plain.head[.contentType]) == "application/x-www-form-urlencoded")
        #expect(text(plain.head[.contentLength]) == "3")
        let said = try request(
            "/x", method: "PUT", headers: ["content-length:3", "Content-Type: text/plain"], form: "a=1", host: "a.example")
        #expect(text(said.head.methodBytes) == "PUT" && said.head.fieldCount == 3)
        #expect(try request("/x", headers: ["Transfer-Encoding: chunked"], form: "a=1", host: "h").head[.contentLength] == nil)
        expectRefusal(try request("http://h/", headers: ["Content-Length: 5"], form: "a=1"), saying: "3 bytes")
        expectRefusal(try request("http://h/", headers: ["Content-Length: 5"]), saying: "0 bytes")
    }

    @Test("has the bytes that the server takes in a field value, and no others")
    func fieldValues() throws {
        for byte in UInt8.min...UInt8.max {
            let line = Array("X-Y: a".utf8) + [byte] + Array("b".utf8)
            let explained = ExplainedRequest(url: Array("http://h/".utf8), headers: [line])
            // RFC 9110, section 5.5.
            if byte >= 0x20 && byte != 0x7F || byte == 0x09 {
                #expect(try explained.signupRequest().head.fieldCount == 2)
            } else {
                expectRefusal(try explained.signupRequest(), saying: "the header \"X-Y: a")
            }
        }
    }

    @Test("has the bytes that the server takes in a target, and no others", arguments: ["/a", "http://a", "http://h/a"])
    func targets(start: String) throws {
        for byte in UInt8.min...UInt8.max {
            let url = Array(start.utf8) + [byte] + Array("b".utf8)
            let explained = ExplainedRequest(url: url, host: start.hasPrefix("/") ? "h" : nil)
            // What is beyond the grammar and taken all the same: tabs, and bytes that are not ASCII.
            if byte > 0x20 && byte != 0x7F || byte == 0x09 {
                #expect(try explained.signupRequest().head.fieldCount == 1)
            } else {
                expectRefusal(try explained.signupRequest(), saying: "a space as %20")
            }
        }
    }

    @Test(
        "cannot be given more lines than arguments",
        arguments: ["\r\nHost: evil", "\r\n\r\nGET / HTTP/1.1\r\nHost: evil", "\r\n", "\r\n folded", "\n", "\r"])
    func injections(text: String) throws {
        expectRefusal(try request("http://h/", headers: ["X-Y: a\(text)"]), saying: "the header")
        expectRefusal(try request("http://h/", headers: ["X-Y\(text): a"]), saying: "the header")
        expectRefusal(try request("/", host: "h\(text)"), saying: "--host")
        expectRefusal(try request("http://h/ HTTP/1.1\(text)"), saying: "a space as %20")
        expectRefusal(try request("http://h\(text)/"), saying: "a space as %20")
        expectRefusal(try request("http://h/", method: "GET / HTTP/1.1\(text)"), saying: "--method")
        expectRefusal(try request("http://h/", method: "GET\(text)"), saying: "--method")
    }

    @Test(
        "has field names that are tokens",
        arguments: ["no colon", "", ": a", "X Y: a", " X: a", "X : a", "X\u{E9}: a", "X(Y): a"])
    func names(line: String) throws {
        expectRefusal(try request("http://h/", headers: [line]), saying: "'Name: value'")
    }

    @Test("is refused when the server would refuse what it says about its body")
    func framing() throws {
        expectRefusal(try request("http://h/", headers: ["Content-Length: a"]), saying: "400")
        expectRefusal(try request("http://h/", headers: ["Transfer-Encoding: gzip"]), saying: "501")
        expectRefusal(try request("http://h/", headers: ["Expect: more"]), saying: "417")
        let both = ["Content-Length: 1", "Transfer-Encoding: chunked"]
        expectRefusal(try request("http://h/", headers: both, form: "a"), saying: "leave one of them out")
        expectRefusal(try request("/", headers: ["Host: h", "host: h"]), saying: "more than one Host")
    }

    @Test("is answered like other large requests when it is one")
    func sizes() throws {
        let longest = "/" + String(repeating: "a", count: RequestLimits.targetBytes - 1)
        #expect(try request("http://a.example" + longest).head.target.count == RequestLimits.targetBytes)
        #expect(throws: Refusal.targetTooLong) { try request("http://h" + longest + "a") }
        let long = "X: " + String(repeating: "a", count: RequestLimits.headBytes)
        #expect(throws: Refusal.headTooLarge) { try request("http://h/", headers: [long]) }
        let many = (1..<RequestLimits.fields).map { "X-\($0): a" }
        #expect(try request("http://h/", headers: many).head.fieldCount == RequestLimits.fields)
        #expect(throws: Refusal.headTooLarge) { try request("http://h/", headers: many + ["X: a"]) }
    }

    @Test("has one host, however often it is named")
    func oneHost() throws {
        let thrice = try request("https://A.example.:8443/", headers: ["HOST: a.EXAMPLE"], host: "a.example")
        #expect(text(thrice.head[.host]) == "a.EXAMPLE" && thrice.head.hostCount == 1)
        expectRefusal(try request("/"), saying: "--host")
        let both = (#""a.example""#, #""b.example""#)
        expectRefusal(try request("http://a.example/", host: "b.example"), saying: both.0, both.1)
        expectRefusal(try request("/", headers: ["Host: a.example"], host: "b.example"), saying: both.0, both.1)
        expectRefusal(try request("http://a.example/", headers: ["Host: b.example"]), saying: both.0, both.1)
        expectRefusal(try request("/", headers: ["Host: a.example", "Host: b.example"]), saying: both.0, both.1)
    }
}
