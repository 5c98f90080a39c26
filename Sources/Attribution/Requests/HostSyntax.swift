/// What a host may look like: a registered name as DNS has it, or an IP address (RFC 3986, section 3.2.2, without
/// percent-encoding and the characters that no DNS name holds).
package enum HostSyntax {
    /// RFC 1035, section 2.3.4.
    private static let maximumNameBytes = 253
    private static let maximumLabelBytes = 63

    /// What is wrong with a host that may have a port, as the second half of a sentence; nil when nothing is.
    package static func problem(ofAuthority authority: some BidirectionalCollection<UInt8>) -> String? {
        let bytes = Array(authority)
        if bytes.contains(UInt8(ascii: "/")) { return "is more than a host" }
        // What follows an IPv6 address' bracket, or the name.
        let end =
            bytes.first == UInt8(ascii: "[")
            ? bytes.firstIndex(of: UInt8(ascii: "]")).map { $0 + 1 } : bytes.firstIndex(of: UInt8(ascii: ":"))
        if let end, end < bytes.count {
            let port = bytes[(end + 1)...]
            guard bytes[end] == UInt8(ascii: ":"), isPort(port) else { return "has an invalid port (1 to 65535)" }
        }
        return problem(ofHost: HostName.normalized(bytes))
    }

    private static func isPort(_ digits: ArraySlice<UInt8>) -> Bool {
        guard (1...5).contains(digits.count), digits.allSatisfy(\.isASCIIDigit),
            let port = Int(String(decoding: digits, as: UTF8.self))
        else { return false }
        return (1...65_535).contains(port)
    }

    /// What is wrong with a host without port and trailing dot, as the second half of a sentence; nil when nothing is.
    private static func problem(ofHost host: String) -> String? {
        let bytes = Array(host.utf8)
        if bytes.isEmpty { return "is empty" }
        if bytes.first == UInt8(ascii: "[") { return problem(ofAddress: bytes) }
        if bytes.contains(where: { $0 >= 0x80 }) { return "is not ASCII (write its xn-- form)" }
        if bytes.contains(UInt8(ascii: "*")) { return "has a wildcard, which is not supported" }
        guard bytes.allSatisfy(isNameByte) else { return "has a character that no host name holds" }
        guard bytes.count <= maximumNameBytes else { return "is longer than \(maximumNameBytes) characters" }
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.allSatisfy({ !$0.isEmpty }) else { return "has an empty label (two dots, or one at an end)" }
        guard labels.allSatisfy({ $0.count <= maximumLabelBytes }) else {
            return "has a label longer than \(maximumLabelBytes) characters"
        }
        return nil
    }

    /// An IPv6 address in brackets, roughly: what matters is that nothing else can hide in there.
    private static func problem(ofAddress bytes: [UInt8]) -> String? {
        let inner = bytes.dropFirst().dropLast()
        let plausible =
            bytes.last == UInt8(ascii: "]") && inner.contains(UInt8(ascii: ":"))
            && inner.allSatisfy { $0.hexValue != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
        return plausible ? nil : "is not an IPv6 address in brackets"
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte.isASCIILetter || byte.isASCIIDigit || "-._".utf8.contains(byte)
    }
}
