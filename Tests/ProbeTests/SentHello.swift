/// A ClientHello as it was sent (RFC 5246, section 7.4.1.2), as far as a server's choice depends on it.
struct SentHello {
    private(set) var sessionID: [UInt8] = []
    private(set) var suites: [UInt16] = []
    private var extensions: [UInt16: [UInt8]] = [:]

    /// - Parameter bytes: one TLS record that holds all of it.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        // Record and handshake heads, version, random.
        guard bytes.count > 5 + 4 + 2 + 32, bytes[0] == 22, bytes[5] == 1 else { return nil }
        rest = rest.dropFirst(5 + 4 + 2 + 32)
        guard let sessionID = Self.take(1, from: &rest), let suites = Self.take(2, from: &rest),
            Self.take(1, from: &rest) != nil
        else { return nil }
        self.sessionID = sessionID
        self.suites = Self.numbers(suites)
        guard var list = Self.take(2, from: &rest) else { return nil }
        while list.count >= 4 {
            let type = Self.numbers(Array(list.prefix(2)))[0]
            list = Array(list.dropFirst(2))
            var slice = list[...]
            guard let content = Self.take(2, from: &slice) else { return nil }
            extensions[type] = content
            list = Array(slice)
        }
    }

    /// Extension 0 (RFC 6066): list, kind, name.
    var serverName: String? {
        extensions[0].map { String(decoding: $0.dropFirst(5), as: UTF8.self) }
    }

    /// Extension 10 (RFC 8422).
    var groups: [UInt16]? { extensions[10].map { Self.numbers(Array($0.dropFirst(2))) } }

    /// Extension 13 (RFC 5246).
    var signatureAlgorithms: [UInt16]? { extensions[13].map { Self.numbers(Array($0.dropFirst(2))) } }

    /// Extension 16 (RFC 7301).
    var applicationProtocols: [String]? {
        extensions[16].map { content in
            var rest = content.dropFirst(2)
            var names: [String] = []
            while let name = Self.take(1, from: &rest) { names.append(String(decoding: name, as: UTF8.self)) }
            return names
        }
    }

    func has(_ type: UInt16) -> Bool { extensions[type] != nil }

    /// Takes what stands behind a length of so many bytes; nil when there is less.
    private static func take(_ lengthBytes: Int, from bytes: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard bytes.count >= lengthBytes else { return nil }
        let length = bytes.prefix(lengthBytes).reduce(0) { $0 << 8 | Int($1) }
        bytes = bytes.dropFirst(lengthBytes)
        guard bytes.count >= length else { return nil }
        defer { bytes = bytes.dropFirst(length) }
        return Array(bytes.prefix(length))
    }

    private static func numbers(_ bytes: [UInt8]) -> [UInt16] {
        stride(from: 0, to: bytes.count - 1, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
    }
}
