/// The parameters of query and form, decoded, in the order in which they came.
struct ReceivedParameters: ~Copyable {
    struct Parameter {
        /// Its number in ``ParameterNames``; nil for what the route has no use for.
        let number: Int?
        /// As sent, decoded: where in ``ReceivedParameters/bytes``.
        let name: Range<Int>
        let value: Range<Int>
    }

    /// All names and values, one behind the other.
    private(set) var bytes: [UInt8] = []
    private(set) var all: [Parameter] = []
    /// A bit for each number that came, modulo 64: most that are asked for did not.
    private var received: UInt64 = 0

    /// A sign-up has a handful.
    private static let usualCount = 8

    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// Reads `name=value` pieces between `&`; nothing else separates. Pieces without a name are ignored.
    ///
    /// - Throws: ``Refusal`` when more are named than ``RequestLimits/parameters``.
    mutating func add(_ text: Span<UInt8>, for route: RouteParameters) throws(Refusal) {
        var start = 0
        while start < text.count {
            let end = text.index(of: UInt8(ascii: "&"), from: start)
            let name = addName(text.extracting(start..<end))
            start = end + 1
            guard let (name, value) = name else { continue }
            guard all.count < RequestLimits.parameters else { throw .badRequest(.parameters) }
            if all.isEmpty { all.reserveCapacity(Self.usualCount) }
            let number = route.names.find(bytes.span.extracting(name))
            if let number { received |= 1 << UInt64(number & 63) }
            all.append(Parameter(number: number, name: name, value: value))
        }
    }

    /// Decodes one piece; nil when it has no name.
    private mutating func addName(_ piece: Span<UInt8>) -> (name: Range<Int>, value: Range<Int>)? {
        let equals = piece.index(of: UInt8(ascii: "="))
        var start = 0
        // Links copied out of HTML separate by `&amp;`.
        while piece.extracting(start..<equals).hasPrefix("amp;") { start += 4 }
        guard start < equals else { return nil }
        let nameStart = bytes.count
        bytes.appendFormDecoded(piece.extracting(start..<equals))
        let valueStart = bytes.count
        if equals < piece.count { bytes.appendFormDecoded(piece.extracting((equals + 1)...)) }
        return (nameStart..<valueStart, valueStart..<bytes.count)
    }

    /// The one value of a name. Bytes that are not UTF-8 and empty values are no values; when the others differ, which of them
    /// was meant can't be known, and there is none.
    ///
    /// - Parameter number: of the name.
    /// - Returns: where in ``bytes``.
    func value(of number: Int) -> Range<Int>? {
        guard received >> UInt64(number & 63) & 1 == 1 else { return nil }
        var found: Range<Int>?
        for parameter in all where parameter.number == number && !parameter.value.isEmpty {
            let value = bytes.span.extracting(parameter.value)
            guard value.isUTF8 else { continue }
            if let found, !value.isEqual(to: bytes.span.extracting(found)) { return nil }
            found = parameter.value
        }
        return found
    }
}

extension Array where Element == UInt8 {
    /// `+` is a space, `%XX` a byte, and a `%` without two hexadecimal digits itself (WHATWG URL, section 5.1).
    fileprivate mutating func appendFormDecoded(_ raw: Span<UInt8>) {
        guard !raw.isEmpty else { return }
        append(addingCapacity: raw.count) { decoded in
            var index = 0
            while index < raw.count {
                let byte = raw[index]
                index += 1
                if byte == UInt8(ascii: "+") {
                    decoded.append(UInt8(ascii: " "))
                } else if byte == UInt8(ascii: "%"), let escaped = PercentEscape.value(at: index, in: raw) {
                    decoded.append(escaped)
                    index += 2
                } else {
                    decoded.append(byte)
                }
            }
        }
    }
}
