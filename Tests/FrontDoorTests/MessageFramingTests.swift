import Attribution
import Testing

@testable import FrontDoor

@Suite("A message's framing")
struct MessageFramingTests {
    private func framing(_ text: String) throws -> Result<MessageFraming, HeadFault> {
        var parser = RequestHeadParser()
        guard case .complete(let head) = Array(text.utf8).withUnsafeBytes({ parser.read($0).progress }) else {
            throw ParsingFailed(text: text)
        }
        return MessageFraming.of(head)
    }

    private struct ParsingFailed: Error {
        let text: String
    }

    static let good: [(fields: String, version: String, framing: MessageFraming)] = [
        ("", "1.1", MessageFraming(body: .none, persistence: .stays, awaitsContinue: false)),
        ("", "1.0", MessageFraming(body: .none, persistence: .ends, awaitsContinue: false)),
        ("Connection: keep-alive\r\n", "1.0", MessageFraming(body: .none, persistence: .staysWhenSaid, awaitsContinue: false)),
        ("Connection: x , CLOSE\r\n", "1.1", MessageFraming(body: .none, persistence: .ends, awaitsContinue: false)),
        ("Connection: x\r\nConnection: close\r\n", "1.1", MessageFraming(body: .none, persistence: .ends, awaitsContinue: false)),
        ("Connection: closed\r\n", "1.1", MessageFraming(body: .none, persistence: .stays, awaitsContinue: false)),
        ("Content-Length: 0\r\n", "1.1", MessageFraming(body: .none, persistence: .stays, awaitsContinue: false)),
        ("Content-Length: 007\r\n", "1.1", MessageFraming(body: .length(7), persistence: .stays, awaitsContinue: false)),
        ("Transfer-Encoding: Chunked\r\n", "1.1", MessageFraming(body: .chunked, persistence: .stays, awaitsContinue: false)),
        (
            "Content-Length: 7\r\nExpect: 100-Continue\r\n", "1.1",
            MessageFraming(body: .length(7), persistence: .stays, awaitsContinue: true)
        ),
        ("Expect: 100-continue\r\n", "1.1", MessageFraming(body: .none, persistence: .stays, awaitsContinue: false)),
        ("Expect: tea\r\n", "1.0", MessageFraming(body: .none, persistence: .ends, awaitsContinue: false)),
    ]

    static let bad: [(fields: String, version: String, fault: HeadFault)] = [
        ("Host: b\r\n", "1.1", .malformed(.severalHosts)),
        ("Content-Length: \r\n", "1.1", .malformed(.contentLength)),
        ("Content-Length: 1\r\nContent-Length: 1\r\n", "1.1", .malformed(.contentLength)),
        ("Content-Length: 1,1\r\n", "1.1", .malformed(.contentLength)),
        ("Content-Length: 0x1\r\n", "1.1", .malformed(.contentLength)),
        ("Content-Length: -1\r\n", "1.1", .malformed(.contentLength)),
        ("Content-Length: 9999999999999999999999\r\n", "1.1", .bodyTooLarge),
        ("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "1.1", .malformed(.ambiguousLength)),
        ("Transfer-Encoding: chunked\r\n", "1.0", .malformed(.ambiguousLength)),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "1.1", .transferCoding),
        ("Transfer-Encoding: identity\r\n", "1.1", .transferCoding),
        ("Expect: tea\r\n", "1.1", .expectation),
    ]

    @Test("says where a message ends, and whether the connection stays", arguments: good)
    func reads(fields: String, version: String, expected: MessageFraming) throws {
        #expect(try framing("POST / HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n") == .success(expected))
    }

    @Test("refuses what two parties could read differently", arguments: bad)
    func refuses(fields: String, version: String, fault: HeadFault) throws {
        #expect(try framing("POST / HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n") == .failure(fault))
    }
}
