/// The parameters of query and form, decoded, in the order in which they came.
struct ReceivedParameters {
    struct Parameter {
        /// As sent, decoded.
        let name: [UInt8]
        /// ``name`` in ASCII lower case, as names are compared.
        let key: [UInt8]
        let value: [UInt8]
    }

    private(set) var all: [Parameter] = []

    /// Reads `name=value` pieces between `&`; nothing else separates. Pieces without a name are ignored.
    ///
    /// - Throws: ``Refusal`` when more are named than ``RequestLimits/parameters``.
    mutating func add(_ text: ArraySlice<UInt8>) throws(Refusal) {
        var rest = text
        while !rest.isEmpty {
            let piece = rest.prefix { $0 != UInt8(ascii: "&") }
            rest = rest[piece.endIndex...].dropFirst()
            guard let parameter = Self.parameter(piece) else { continue }
            guard all.count < RequestLimits.parameters else { throw .badRequest(.parameters) }
            all.append(parameter)
        }
    }

    private static let escapedAmpersand = Array("amp;".utf8)

    private static func parameter(_ piece: ArraySlice<UInt8>) -> Parameter? {
        var rawName = piece.prefix { $0 != UInt8(ascii: "=") }
        let rawValue = piece[rawName.endIndex...].dropFirst()
        // Links copied out of HTML separate by `&amp;`.
        while rawName.starts(with: escapedAmpersand) { rawName = rawName.dropFirst(escapedAmpersand.count) }
        let name = formDecoded(rawName)
        guard !name.isEmpty else { return nil }
        return Parameter(name: name, key: name.map(\.asciiLowercased), value: formDecoded(rawValue))
    }

    /// `+` is a space, `%XX` a byte, and a `%` without two hexadecimal digits itself (WHATWG URL, section 5.1).
    private static func formDecoded(_ raw: ArraySlice<UInt8>) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(raw.count)
        var index = raw.startIndex
        while index < raw.endIndex {
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
        return decoded
    }

    /// All values under the given names, in the order in which they came.
    ///
    /// - Parameter keys: in lower case.
    func values(underAnyOf keys: [[UInt8]]) -> [[UInt8]] {
        all.filter { keys.contains($0.key) }.map(\.value)
    }

    /// The one value of a name. Bytes that are not UTF-8 and empty values are no values; when the others differ, which of them
    /// was meant can't be known, and there is none.
    ///
    /// - Parameter key: in lower case.
    func value(of key: some Collection<UInt8>) -> String? {
        var found: (bytes: [UInt8], text: String)?
        for parameter in all where !parameter.value.isEmpty && parameter.key.elementsEqual(key) {
            guard let text = String(validating: parameter.value, as: UTF8.self) else { continue }
            if let found, found.bytes != parameter.value { return nil }
            found = (parameter.value, text)
        }
        return found?.text
    }
}
