/// The parameter names that mean something to a route, numbered: a request's names are looked up once, and from then on it is
/// numbers that are compared.
struct ParameterNames: Sendable {
    /// In ASCII lower case, one behind the other.
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// The number of a name, ASCII case not regarded; a new one for a name that has none yet.
    mutating func number(of name: String) -> Int {
        let name = name.lowercasedASCIIBytes
        if let known = find(name.span) { return known }
        bytes += name
        ends.append(bytes.count)
        return ends.count - 1
    }

    var count: Int { ends.count }

    /// The number of a received name, ASCII case not regarded; nil when it means nothing to the route.
    func find(_ name: Span<UInt8>) -> Int? {
        var start = 0
        for number in ends.indices {
            let end = ends[number]
            if end - start == name.count, name.isEqual(toLowercase: bytes.span.extracting(start..<end)) { return number }
            start = end
        }
        return nil
    }
}

extension String {
    /// The form in which parameter names are compared.
    package var lowercasedASCIIBytes: [UInt8] { utf8.map(\.asciiLowercased) }
}
