import Testing

@testable import Probe

@Suite("HTTP/1, as far as a probe reads it")
struct HTTP1Tests {
    private func answer(_ text: String) -> HTTPAnswer? {
        if case .complete(let answer) = HTTP1Answer.progress(of: Array(text.utf8)) { answer } else { nil }
    }

    @Test("has an answer once the head's end is there, and no byte earlier, whatever came before it")
    func pieces() {
        let interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLocation: /hint\r\n\r\n"
        let text = interim + "HTTP/1.1 302 Found\r\nServer: x\r\nlocation: \t https://a/b?c \t\r\nX: y\r\n\r\n"
        let bytes = Array(text.utf8)
        for length in 0..<bytes.count {
            #expect(HTTP1Answer.progress(of: Array(bytes.prefix(length))).isIncomplete, "an answer out of \(length) bytes")
        }
        #expect(answer(text)?.status == 302)
        #expect(answer(text)?.location == "https://a/b?c")
        #expect(answer(text + "body")?.status == 302)
    }

    @Test("takes lines without carriage returns")
    func newlines() {
        #expect(answer("HTTP/1.0 301 Moved\nLocation: /b\n\n")?.location == "/b")
    }

    @Test("takes 101 for an answer, since no HTTP/1 comes after it")
    func switching() {
        #expect(answer("HTTP/1.1 101 Switching Protocols\r\n\r\n\u{1}")?.status == 101)
    }

    @Test(
        "knows what is no HTTP/1 before its end comes",
        arguments: ["hello", "\u{15}\u{3}", "HTTP/2 200\r\n", "HTTP/1.1 OK\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\nhello"])
    func refusals(text: String) {
        guard case .refused = HTTP1Answer.progress(of: Array(text.utf8)) else {
            Issue.record("not refused")
            return
        }
    }
}
