/// Why a URL can't be signed: what, and what to do.
package enum LinkSigningFault: String, Error, Sendable, CustomStringConvertible {
    case notPlain = "browsers don't send it as it stands; give an absolute URL in ASCII, without a fragment and dot segments"
    case noRoute = "no route takes it as a sign-up; `porter explain` says what becomes of it"
    case noPartner = "it names no partner, or more than one; give one with exactly one Partner ID"
    case signedAlready = "it has a parameter exp or sig already; give it without"
    case tooLong = "it has no room for a signature; give a shorter one"
    case expiry = "a link can't end at that time; give one between 1970 and the year 5138"

    package var description: String { rawValue }
}

extension RouteTable {
    /// A sign-up URL with its signature: `exp` and `sig` behind the parameters that it has.
    ///
    /// What is signed is read off the URL by the functions that judge it when a customer comes, so that what these routes find then
    /// is what was signed. Whether the route asks for a signature does not matter: links may be about before it does.
    ///
    /// - Parameters:
    ///   - url: absolute, `http` or `https`, with one Partner ID in its path or its query, and perhaps a campaign.
    ///   - key: of the partner whom the URL names.
    ///   - expiry: until when it is valid; parts of a second are left out.
    package func signed(_ url: String, with key: LinkKey, until expiry: Timestamp) throws(LinkSigningFault) -> String {
        guard (1...SignedLink.greatestExpiry).contains(expiry.seconds) else { throw .expiry }
        let method = Array("GET".utf8)
        let bytes = method + Array(url.utf8)
        // HTTP/1.0, which needs no Host: the URL names it itself.
        let head = RequestHead(bytes: bytes, method: method.indices, target: method.count..<bytes.count, version: .http10)
        guard let target = RequestTarget(head), target.authority != nil, Self.isPlain(bytes[head.target]),
            Self.isPlain(path: bytes[target.path])
        else { throw .notPlain }
        guard let read = ReadLink(head, routes: self) else { throw .noRoute }
        guard !read.isSigned else { throw .signedAlready }
        guard let partner = read.partner else { throw .noPartner }
        let link = SignedLink(
            path: SignedLink.path(bytes[target.path]), partner: partner, campaign: read.campaign, expiry: expiry.seconds)
        var signed = url
        if !bytes.contains(UInt8(ascii: "?")) {
            signed += "?"
        } else if bytes.last != UInt8(ascii: "?"), bytes.last != UInt8(ascii: "&") {
            signed += "&"
        }
        signed += "\(SignedLink.expiryName)=\(link.expiry)&\(SignedLink.signatureName)=\(link.signature(with: key))"
        guard signed.utf8.count <= RequestLimits.targetBytes, read.parameterCount + 2 <= RequestLimits.parameters
        else { throw .tooLong }
        return signed
    }

    /// Whether a URL is one that is sent whole, without a byte that a browser would write otherwise before it does.
    private static func isPlain(_ url: ArraySlice<UInt8>) -> Bool {
        url.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
    }

    /// RFC 3986, section 3.3.
    private static let pathBytes = ASCIISet([UInt8](0..<128).filter(\.isURIUnreserved) + Array("!$&'()*+,;=:@%/".utf8))

    /// The path is signed as it is sent. Browsers take dot segments out first, also escaped ones (WHATWG URL, section 4.4).
    private static func isPlain(path: ArraySlice<UInt8>) -> Bool {
        guard path.allSatisfy({ pathBytes.contains($0) }) else { return false }
        let segments = RequestPath(path)
        return (0..<segments.count).allSatisfy { index in
            segments[index].isEmpty || segments[index].count > 2 || !segments[index].allSatisfy { $0 == UInt8(ascii: ".") }
        }
    }
}

/// What a URL says, as the routes read it.
private struct ReadLink {
    /// nil: nobody, or it can't be told who.
    let partner: PartnerID?
    let campaign: [UInt8]
    let isSigned: Bool
    let parameterCount: Int

    /// nil when no route takes it as a sign-up.
    init?(_ head: RequestHead, routes: RouteTable) {
        do throws(Refusal) {
            switch try Admission(head, routes: routes) {
            case .own: return nil
            case .signup(let signup):
                var parameters = ReceivedParameters(capacity: signup.query.count)
                try parameters.add(head.bytes.span.extracting(signup.query), for: signup.route.parameters)
                let choice = PartnerChoice(pathSegment: signup.partnerSegment, parameters: parameters, route: signup.route)
                partner = if case .id(let id) = choice.verdict { id } else { nil }
                let values = ResolvedValues(parameters, acceptLanguage: nil, route: signup.route)
                campaign = if let place = values.campaign { Array(parameters.bytes[place]) } else { [] }
                var isSigned = false
                for parameter in parameters.all {
                    let name = parameters.bytes[parameter.name]
                    isSigned =
                        isSigned || name.equalsIgnoringASCIICase(SignedLink.expiryName.utf8)
                        || name.equalsIgnoringASCIICase(SignedLink.signatureName.utf8)
                }
                self.isSigned = isSigned
                parameterCount = parameters.all.count
            }
        } catch {
            return nil
        }
    }
}
