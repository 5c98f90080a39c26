import Attribution
import FrontDoor

/// The request that `porter explain`, or who asks a running server, makes of arguments: the bytes that a client would send, read by
/// the front door's own parser, so that nothing is explained that no server would see.
struct ExplainedRequest {
    var url: [UInt8]
    var method: String?
    var headers: [[UInt8]] = []
    var form: [UInt8]?
    var host: String?
    /// What stands before the arguments' names where they are asked for: nothing in a form.
    var namePrefix = "--"

    /// What the arguments ask, or how the front door refuses it before anybody judges it.
    ///
    /// - Throws: ``CommandFailure``.
    func read() throws -> Result<SignupRequest, Refusal> {
        do {
            return .success(try signupRequest())
        } catch let refusal as Refusal {
            return .failure(refusal)
        }
    }

    /// - Throws: ``CommandFailure`` when the arguments make no request, or contradict each other; ``Refusal`` when the request is
    ///   larger than the front door takes.
    func signupRequest() throws -> SignupRequest {
        let url = try ExplainedURL(url, namePrefix: namePrefix)
        let method = Array((method ?? (form == nil ? "GET" : "POST")).utf8)
        try check(method: method)
        try check(url)
        let fields = try headers.map { try Self.field($0, from: "the header \(ExplainedURL.quoted($0))") }
        var lines = headers
        if let host = try hostName(url, fields) { lines.insert(Self.line("Host", host), at: 0) }
        lines += try formLines(beside: fields)
        let head = try Self.read(method: method, target: url.target, lines: lines) { reason in
            "these headers make no request: the server answers \(reason); leave one of them out"
        }
        return SignupRequest(head: head, body: form, scheme: url.scheme)
    }

    private func check(method: [UInt8]) throws {
        _ = try Self.read(method: method) { _ in
            "\(namePrefix)method is \(ExplainedURL.quoted(method)), expected one word such as GET, HEAD or POST"
        }
    }

    private func check(_ url: ExplainedURL) throws {
        // A host stands in a field, where more bytes may stand than in a URL.
        for part in [url.target, [UInt8(ascii: "/")] + (url.authority ?? [])] {
            _ = try Self.read(target: part) { reason in
                "\(ExplainedURL.quoted(self.url)) is no URL that can be sent, the server answers \(reason); "
                    + "write such bytes percent-encoded, a space as %20"
            }
        }
    }

    // MARK: The host

    /// The host that the request still has to name; nil when a header does.
    private func hostName(_ url: ExplainedURL, _ fields: [RequestHead]) throws -> [UInt8]? {
        if let host {
            let bytes = Array(host.utf8)
            _ = try Self.field(Self.line("Host", bytes), from: "\(namePrefix)host \(ExplainedURL.quoted(bytes))")
        }
        let sent = fields.compactMap { $0[.host].map(Array.init) }
        let given = [("the URL", url.authority), ("\(namePrefix)host", host.map { Array($0.utf8) })]
        let named = given + sent.map { ("the header Host", $0) }
        var first: (place: String, host: [UInt8])?
        for case (let place, let host?) in named {
            if let first, HostName.normalized(first.host) != HostName.normalized(host) {
                throw Self.failure(
                    "\(first.place) says \(ExplainedURL.quoted(first.host)) and \(place) says \(ExplainedURL.quoted(host)); "
                        + "name one host")
            }
            first = first ?? (place, host)
        }
        guard let first else {
            throw Self.failure("a path needs a host; add \(namePrefix)host gateway.example.com, or give the whole URL")
        }
        return sent.isEmpty ? first.host : nil
    }

    // MARK: The form

    /// What a client says about its form, unless the headers do.
    private func formLines(beside fields: [RequestHead]) throws -> [[UInt8]] {
        func has(_ field: RequestHead.Field) -> Bool { fields.contains { $0[field] != nil } }
        let byteCount = form?.count ?? 0
        for case let length? in fields.map({ $0[.contentLength] }) where byteCount <= RequestLimits.bodyBytes {
            guard !length.elementsEqual("\(byteCount)".utf8) else { continue }
            throw Self.failure(
                "the header Content-Length says \(ExplainedURL.quoted(Array(length))), and the body has \(byteCount) bytes; "
                    + "leave it out, \(namePrefix)form brings its own")
        }
        guard form != nil else { return [] }
        var lines: [[UInt8]] = []
        if !has(.contentType) { lines.append(Self.line("Content-Type", Array("application/x-www-form-urlencoded".utf8))) }
        if !has(.contentLength), !has(.transferEncoding) { lines.append(Self.line("Content-Length", Array("\(byteCount)".utf8))) }
        return lines
    }

    // MARK: Heads

    private static func line(_ name: String, _ value: [UInt8]) -> [UInt8] { Array("\(name): ".utf8) + value }

    /// A head of this one field.
    ///
    /// - Parameter place: what the message calls it.
    private static func field(_ line: [UInt8], from place: String) throws -> RequestHead {
        try read(lines: [line]) { reason in
            "\(place) is no header field that can be sent, the server answers \(reason); write 'Name: value' on one line"
        }
    }

    /// Composes a head and has it read.
    ///
    /// - Parameter refusal: makes a message of why the front door refuses it: the status and a sentence.
    private static func read(
        method: [UInt8] = Array("GET".utf8),
        target: [UInt8] = [UInt8(ascii: "/")],
        lines: [[UInt8]] = [],
        refusal: (_ reason: String) -> String
    ) throws -> RequestHead {
        let end = Array("\r\n".utf8)
        let bytes = method + " ".utf8 + target + " HTTP/1.1\r\n".utf8 + lines.flatMap { $0 + end } + end
        do throws(HeadFault) {
            // A line end within a part makes another head of it, as right as it may be.
            if let head = try RequestHead(http1: bytes), head.methodBytes.elementsEqual(method),
                head.targetBytes.elementsEqual(target), head.fieldCount == lines.count
            {
                return head
            }
        } catch {
            throw error.asRefusal ?? failure(refusal(error.inWords))
        }
        throw failure(refusal("something else, as there is a line end in it"))
    }

    private static func failure(_ message: String) -> CommandFailure {
        CommandFailure(message: message, exitCode: CommandFailure.badRequest)
    }
}

extension HeadFault {
    /// Sizes are answered like other requests that are refused.
    fileprivate var asRefusal: (any Error)? {
        switch self {
        case .targetTooLong: Refusal.targetTooLong
        case .headTooLarge: Refusal.headTooLarge
        case .bodyTooLarge: Refusal.bodyTooLarge
        default: nil
        }
    }

    fileprivate var inWords: String {
        switch self {
        case .malformed(let malformation): "400, \(malformation.rawValue)"
        case .expectation: "417, nothing but 100-continue can be expected"
        case .transferCoding: "501, the only transfer coding is chunked"
        case .version: "505, the version is neither HTTP/1.0 nor HTTP/1.1"
        case .tooSlow: "408, the request did not come in time"
        case .bodyTooLarge, .targetTooLong, .headTooLarge: "that it is too large"
        }
    }
}
