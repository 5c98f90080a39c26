import Attribution

/// What a complete HTTP/1 head says about the rest of its message and of the connection (RFC 9112, sections 6 and 9).
package struct MessageFraming: Equatable {
    enum Body: Equatable {
        case none
        case length(Int)
        case chunked
    }

    /// What the connection's future is after this message.
    package enum Persistence: Equatable, Sendable {
        /// HTTP/1.1's own: the connection stays, nobody needs to say so.
        case stays
        /// HTTP/1.0 with `Connection: keep-alive`: the answer must say so too.
        case staysWhenSaid
        case ends
    }

    let body: Body
    let persistence: Persistence
    /// Whether the client waits for `100 Continue` before it sends the body.
    let awaitsContinue: Bool

    static func of(_ head: RequestHead) -> Result<MessageFraming, HeadFault> {
        guard head.hostCount <= 1 else { return .failure(.malformed(.severalHosts)) }
        do {
            let body = try body(of: head)
            return .success(
                MessageFraming(
                    body: body,
                    persistence: persistence(of: head),
                    awaitsContinue: try awaitsContinue(head, body: body)
                )
            )
        } catch {
            return .failure(error)
        }
    }

    private static func body(of head: RequestHead) throws(HeadFault) -> Body {
        let length = head[.contentLength]
        if let coding = head[.transferEncoding] {
            guard length == nil else { throw .malformed(.ambiguousLength) }
            // HTTP/1.0 does not know transfer codings: whoever sends one there wants to be read differently by two parties.
            guard head.version == .http11 else { throw .malformed(.ambiguousLength) }
            guard coding.equalsIgnoringASCIICase("chunked".utf8) else { throw .transferCoding }
            return .chunked
        }
        guard let length else { return .none }
        // One number; `5, 5` and two fields are refused though they agree.
        guard !length.isEmpty, length.count <= 15, length.allSatisfy(\.isASCIIDigit) else {
            throw length.count > 15 && length.allSatisfy(\.isASCIIDigit) ? .bodyTooLarge : .malformed(.contentLength)
        }
        let count = length.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return count == 0 ? .none : .length(count)
    }

    private static func persistence(of head: RequestHead) -> Persistence {
        let connection = head[.connection]
        if let connection, connection.hasListElement("close") { return .ends }
        if head.version == .http11 { return .stays }
        return connection?.hasListElement("keep-alive") == true ? .staysWhenSaid : .ends
    }

    private static func awaitsContinue(_ head: RequestHead, body: Body) throws(HeadFault) -> Bool {
        // RFC 9110, section 10.1.1: an expectation in HTTP/1.0 is ignored.
        guard let expectation = head[.expect], head.version == .http11 else { return false }
        guard expectation.equalsIgnoringASCIICase("100-continue".utf8) else { throw .expectation }
        return body != .none
    }
}

extension HeadFault: Error {}

extension RequestHead {
    /// Whether the answer must have no body.
    var isHead: Bool { methodBytes.count == 4 && methodBytes.elementsEqual("HEAD".utf8) }
}

extension ArraySlice<UInt8> {
    /// Whether a comma-separated list (RFC 9110, section 5.6.1) has `element`, written in lower case.
    func hasListElement(_ element: StaticString) -> Bool {
        withUnsafeBytes { list in
            var start = 0
            while start < list.count {
                var end = start
                while end < list.count, list[end] != UInt8(ascii: ",") { end += 1 }
                if Self.isElement(list[start..<end], element) { return true }
                start = end + 1
            }
            return false
        }
    }

    private static func isElement(_ part: Slice<UnsafeRawBufferPointer>, _ element: StaticString) -> Bool {
        var (start, end) = (part.startIndex, part.endIndex)
        while start < end, part.base[start].isBlank { start += 1 }
        while start < end, part.base[end - 1].isBlank { end -= 1 }
        guard end - start == element.utf8CodeUnitCount else { return false }
        return (0..<end - start).allSatisfy { part.base[start + $0].asciiLowercased == element.bytes[$0] }
    }
}
