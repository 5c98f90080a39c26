/// A route's `Location` with everything written out that does not depend on the request. A class like its route.
final class LocationTemplate: Sendable {
    /// Where a parameter's value comes from when a request is needed for it.
    enum Source: Sendable {
        case partner
        case receipt
        case culture
        case lcid
        case country
        case campaign
        /// What was sent under the name of a number, see ``ParameterNames``.
        case query(number: Int, filter: OutgoingParameter.Filter, maxLength: Int)
    }

    /// One parameter. A class, because a redirect goes through all of them: sharing one costs less than copying it.
    final class Parameter: Sendable {
        /// `&name=`, encoded.
        let name: [UInt8]
        /// nil when the value is always ``defaultValue``.
        let source: Source?
        /// Encoded; sent when the source has no value. nil leaves the parameter out.
        let defaultValue: [UInt8]?
        let letterCase: OutgoingParameter.LetterCase?

        /// nil when the parameter never has a value.
        init?(_ parameter: OutgoingParameter, labels: RouteLabels, names: ParameterNames) {
            let (source, value) = parameter.origin(labels, names)
            if source == nil, value == nil { return nil }
            self.source = source
            letterCase = parameter.letterCase
            var name = [UInt8(ascii: "&")]
            name.appendPercentEncoded(Array(parameter.name.utf8).span)
            self.name = name + [UInt8(ascii: "=")]
            defaultValue = value.map { value in
                var encoded: [UInt8] = []
                encoded.appendPercentEncoded(Array(value.utf8).span, letterCase: parameter.letterCase)
                return encoded
            }
        }
    }

    let url: [UInt8]
    let parameters: [Parameter]
    /// `#` and the fragment; empty without one.
    let fragment: [UInt8]
    /// Bytes of all that is written out.
    let length: Int

    /// - Parameter names: of the route, those of `query:NAME` included.
    init(_ destination: Destination, labels: RouteLabels, names: ParameterNames) {
        url = Array(destination.url.utf8)
        parameters = destination.query.compactMap { Parameter($0, labels: labels, names: names) }
        var fragment: [UInt8] = []
        if let text = destination.fragment {
            fragment.append(UInt8(ascii: "#"))
            fragment.appendFragment(Array(text.utf8).span)
        }
        self.fragment = fragment
        length = parameters.reduce(url.count + fragment.count) { $0 + $1.name.count + ($1.defaultValue?.count ?? 0) }
    }
}

extension OutgoingParameter {
    /// What has to be asked of the request, and the value that is sent when the answer is none.
    fileprivate func origin(_ labels: RouteLabels, _ names: ParameterNames) -> (LocationTemplate.Source?, String?) {
        func known(_ value: String?) -> (LocationTemplate.Source?, String?) {
            (nil, value == "" ? defaultValue : value ?? defaultValue)
        }
        return switch source {
        // Sent as the operator wrote it, also when it is empty.
        case .value(let value): (nil, value)
        case .origin: known(labels.origin)
        case .edition: known(labels.endpoint?.edition.rawValue)
        case .action: known(labels.endpoint?.action.rawValue)
        case .route: known(labels.name)
        case .partner: (.partner, defaultValue)
        case .receipt: (.receipt, defaultValue)
        case .culture: (.culture, defaultValue)
        case .lcid: (.lcid, defaultValue)
        case .country: (.country, defaultValue)
        case .campaign: (.campaign, defaultValue)
        case .query(let name, let filter, let maxLength):
            // The route has given every name of its query a number.
            (.query(number: names.find(name.lowercasedASCIIBytes.span)!, filter: filter, maxLength: maxLength), defaultValue)
        }
    }
}

extension Array where Element == UInt8 {
    /// What a fragment may hold stays, escapes too; all else as `%XX` (RFC 3986, section 3.5).
    fileprivate mutating func appendFragment(_ bytes: Span<UInt8>) {
        for index in bytes.indices {
            let byte = bytes[index]
            let isEscape = byte == UInt8(ascii: "%") && PercentEscape.value(at: index + 1, in: bytes) != nil
            if byte.isURIUnreserved || Self.fragmentPunctuation.contains(byte) || isEscape {
                append(byte)
            } else {
                appendPercentEscape(byte)
            }
        }
    }

    private static let fragmentPunctuation = ASCIISet("!$&'()*+,;=:@/?".utf8)
}
