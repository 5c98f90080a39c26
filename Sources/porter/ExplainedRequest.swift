import Attribution

/// The request that `porter explain` makes of its arguments.
struct ExplainedRequest {
    var url: [UInt8]
    var method: String?
    var headers: [[UInt8]] = []
    var form: [UInt8]?
    var host: String?

    /// - Throws: ``CommandFailure`` when the arguments make no request.
    func signupRequest() throws -> SignupRequest {
        var fields = try headers.map(Self.field)
        let scheme = try scheme(fields)
        func has(_ name: RequestHead.Field) -> Bool { fields.contains { RequestHead.Field(name: $0.name) == name } }
        if !has(.host) {
            fields.append((Array("Host".utf8), host.map { Array($0.utf8) } ?? Self.authority(url)))
        }
        if form != nil, !has(.contentType) {
            fields.append((Array("Content-Type".utf8), Array("application/x-www-form-urlencoded".utf8)))
        }
        let method = Array((method ?? (form == nil ? "GET" : "POST")).utf8)
        var head = RequestHead(
            bytes: method + url, method: 0..<method.count, target: method.count..<(method.count + url.count), version: .http11)
        for field in fields { head.appendField(name: field.name, value: field.value) }
        return SignupRequest(head: head, body: form, scheme: scheme)
    }

    /// An absolute URL names scheme and host; a path needs to be told the host.
    private func scheme(_ fields: [(name: [UInt8], value: [UInt8])]) throws -> SignupRequest.Scheme {
        if url.first == UInt8(ascii: "/") {
            guard host != nil || fields.contains(where: { RequestHead.Field(name: $0.name) == .host }) else {
                throw CommandFailure(
                    message: "a path needs a host; add --host gateway.example.com, or give the whole URL",
                    exitCode: CommandFailure.badRequest)
            }
            return .https
        }
        if url.hasPrefixIgnoringASCIICase("https://"), !Self.authority(url).isEmpty { return .https }
        if url.hasPrefixIgnoringASCIICase("http://"), !Self.authority(url).isEmpty { return .http }
        throw CommandFailure(
            message: "\(String(decoding: url, as: UTF8.self).debugDescription) is no sign-up URL; "
                + "give an absolute http or https URL, or a path with --host",
            exitCode: CommandFailure.badRequest)
    }

    private static func authority(_ url: [UInt8]) -> [UInt8] {
        guard let mark = url.firstIndexIgnoringASCIICase(of: "://") else { return [] }
        let authority = url[(mark + 3)...].prefix { !Array("/?#".utf8).contains($0) }
        guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return Array(authority) }
        return Array(authority[(at + 1)...])
    }

    private static func field(_ header: [UInt8]) throws -> (name: [UInt8], value: [UInt8]) {
        guard let colon = header.firstIndex(of: UInt8(ascii: ":")), colon > 0 else {
            throw CommandFailure(
                message:
                    "the header \(String(decoding: header, as: UTF8.self).debugDescription) has no name; write 'Name: value'",
                exitCode: CommandFailure.badRequest)
        }
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var value = header[(colon + 1)...].drop(while: isBlank)
        while let last = value.last, isBlank(last) { value.removeLast() }
        return (Array(header[..<colon]), Array(value))
    }
}
