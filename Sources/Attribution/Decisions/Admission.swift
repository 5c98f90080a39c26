/// What a request's head leads to, before its body has arrived.
enum Admission: ~Copyable {
    case own(OwnPath)
    case signup(Signup)

    /// A request that a route judges.
    struct Signup: ~Copyable {
        let method: SignupRequest.Method
        let route: Route
        /// What stood in the path in place of `{partner}`, decoded.
        let partnerSegment: ArraySlice<UInt8>?
        /// Behind the first `?`, undecoded; where in the head.
        let query: Range<Int>
        /// Normalised but for the case of its letters; nil when the client named none.
        let host: ArraySlice<UInt8>?
    }

    /// Checks in DESIGN's order: the limits of target and head, then route, then method.
    init(_ head: RequestHead, routes: RouteTable) throws(Refusal) {
        guard head.target.count <= RequestLimits.targetBytes else { throw .targetTooLong }
        guard head.fieldCount <= RequestLimits.fields, !head.isTooLarge else { throw .headTooLarge }
        guard let target = RequestTarget(head) else { throw .badRequest(.target) }
        guard head.hostCount == 1 || head.hostCount == 0 && head.version == .http10 else { throw .badRequest(.host) }
        let method = SignupRequest.Method(head.bytes.span.extracting(head.method))
        let path = head.bytes.span.extracting(target.path)
        if let own = OwnPath(path) {
            guard method == .get || method == .head else { throw .methodNotAllowed(allow: "GET, HEAD") }
            self = .own(own)
            return
        }
        if OwnPath.isReserved(path) {
            guard method != nil else { throw .methodNotAllowed(allow: "GET, HEAD, POST") }
            // Routes have nothing there; whether somebody else has, is asked for elsewhere (RequestHead.reserved).
            throw .notFound
        }
        let host = head.host(asked: target)
        guard let match = routes.match(RequestPath(head.bytes, at: target.path), host: host) else { throw .notFound }
        guard let method else { throw .methodNotAllowed(allow: "GET, HEAD, POST") }
        self = .signup(
            Signup(method: method, route: match.route, partnerSegment: match.partner, query: target.query, host: host))
    }
}

extension RequestHead {
    /// Whom the client asked: the authority of an absolute target, else `Host`. Normalised but for the case of its letters; nil
    /// when it named nobody.
    func host(asked target: RequestTarget) -> ArraySlice<UInt8>? {
        guard let authority = target.authority ?? range(of: .host) else { return nil }
        let name = HostName.range(in: bytes.span.extracting(authority))
        return bytes[authority.lowerBound + name.lowerBound..<authority.lowerBound + name.upperBound]
    }
}

/// Says whether a request is refused for its head alone, so that nobody waits for the body of one that is.
///
/// - Returns: nil when ``decide(_:routes:directory:time:receipt:)`` is to be asked once the body is there.
package func admit(_ head: RequestHead, routes: RouteTable) -> Refusal? {
    do throws(Refusal) {
        _ = try Admission(head, routes: routes)
        return nil
    } catch {
        return error
    }
}

extension SignupRequest.Method {
    /// Methods are compared with regard to case (RFC 9110, section 9.1).
    fileprivate init?(_ method: Span<UInt8>) {
        if method.isEqual(to: "GET") {
            self = .get
        } else if method.isEqual(to: "POST") {
            self = .post
        } else if method.isEqual(to: "HEAD") {
            self = .head
        } else {
            return nil
        }
    }
}
