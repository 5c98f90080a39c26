/// A range of IP addresses, such as `10.0.0.0/8`, `2001:db8::/32` or one address.
package struct AddressRange: Hashable, Sendable {
    private let prefix: IPAddress
    private let bits: Int

    /// Reads CIDR notation (RFC 4632, section 3.1); without a length it is one address. nil for anything else.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(parts[0]) else { return nil }
        // IPv4 is written with its own lengths, but held within 128 bits.
        let isDotted = address.isIPv4 && !parts[0].contains(UInt8(ascii: ":"))
        let offset = isDotted ? 96 : 0
        var bits = 128
        if parts.count == 2 {
            guard (1...3).contains(parts[1].count), parts[1].allSatisfy({ (0x30...0x39).contains($0) }),
                let length = Int(Substring(parts[1])), length + offset <= 128
            else { return nil }
            bits = length + offset
        }
        self.bits = bits
        prefix = address.prefix(bits)
    }

    func contains(_ address: IPAddress) -> Bool { address.prefix(bits) == prefix }
}
