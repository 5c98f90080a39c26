/// Where to connect: `HOST[:PORT]`, an IPv6 address in brackets.
package struct ProbeTarget: Hashable, Sendable {
    /// Without brackets.
    package let host: String
    package let port: Int
    /// Whether the text said which port.
    package let isPortGiven: Bool

    package static let defaultPort = 443
    /// Of plain HTTP.
    package static let defaultPlainPort = 80

    package init(host: String, port: Int? = nil) {
        self.host = host
        self.port = port ?? Self.defaultPort
        isPortGiven = port != nil
    }

    /// nil unless the text is `HOST`, `HOST:PORT`, `[ADDRESS]` or `[ADDRESS]:PORT`; nothing else that could go astray in a
    /// request's Host field is let through.
    package init?(_ text: String) {
        var host = text[...]
        var port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { return nil }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        guard !host.isEmpty, host.utf8.allSatisfy(Self.isHostByte) else { return nil }
        guard let port else {
            self.init(host: String(host))
            return
        }
        guard !port.isEmpty, port.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int(port), (1...65_535).contains(number)
        else { return nil }
        self.init(host: String(host), port: number)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"):
            true
        default: false
        }
    }

    /// Whether the host is an IP address and no name.
    var isAddress: Bool {
        if host.contains(":") { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    /// As it stands in a Host field and in `:authority`: the port only when it is not the scheme's own.
    func authority(defaultPort: Int) -> String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == defaultPort ? name : "\(name):\(port)"
    }
}
