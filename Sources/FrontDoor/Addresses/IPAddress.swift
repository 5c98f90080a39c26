import Attribution
import NIOCore

/// An IP address of either family. IPv4 is held as IPv4-mapped IPv6 (RFC 4291, section 2.5.5.2), so that a client of a
/// dual-stack socket is the same visitor as one of an IPv4 socket.
struct IPAddress: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    private static let mappedPrefix: UInt64 = 0xFFFF

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    init(ipv4: UInt32) {
        self.init(high: 0, low: Self.mappedPrefix << 32 | UInt64(ipv4))
    }

    /// nil for Unix sockets.
    init?(_ address: SocketAddress) {
        // Where the address stands in sockaddr_in and sockaddr_in6 (POSIX.1-2017, netinet/in.h).
        let offset: Int
        switch address {
        case .v4: offset = 4
        case .v6: offset = 8
        case .unixDomainSocket: return nil
        }
        self = address.withSockAddr { pointer, size in
            let bytes = UnsafeRawBufferPointer(start: pointer, count: size)
            if offset == 4 {
                return IPAddress(ipv4: UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            }
            return IPAddress(
                high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
            )
        }
    }

    /// Reads dotted IPv4 or RFC 4291 text; nil for anything else. Zones (`%eth0`) are not accepted.
    init?(_ text: some Collection<UInt8>) {
        // The longest text is an IPv4-mapped address in full.
        guard text.count < 46, text.allSatisfy({ $0.hexValue != nil || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }),
            let address = try? SocketAddress(ipAddress: String(decoding: text, as: UTF8.self), port: 0)
        else { return nil }
        self.init(address)
    }

    var isIPv4: Bool { high == 0 && low >> 32 == Self.mappedPrefix }

    var isLoopback: Bool { isIPv4 ? low >> 24 & 0xFF == 127 : high == 0 && low == 1 }

    /// The first `bits` of the 128, the others zero.
    func prefix(_ bits: Int) -> IPAddress {
        IPAddress(
            high: bits >= 64 ? high : bits == 0 ? 0 : high & ~0 << UInt64(64 - bits),
            low: bits <= 64 ? 0 : low & ~0 << UInt64(128 - bits)
        )
    }

    /// The network that a visitor is told apart by: /24 or /48, since a household or an office changes its address within it.
    var visitorNetwork: IPAddress { prefix(isIPv4 ? 96 + 24 : 48) }

    var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            for index in 0..<8 {
                buffer[index] = UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * index))
                buffer[8 + index] = UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * index))
            }
            count = 16
        }
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted for IPv4, else as RFC 5952 wants it: lower case, the longest run of zero groups left out.
    var description: String {
        if isIPv4 {
            return "\(low >> 24 & 0xFF).\(low >> 16 & 0xFF).\(low >> 8 & 0xFF).\(low & 0xFF)"
        }
        let groups: [UInt64] = (0..<8).map { index in
            let half = index < 4 ? high : low
            return half >> UInt64(48 - 16 * (index % 4)) & 0xFFFF
        }
        let gap = Self.longestZeroRun(in: groups)
        let hex = { (range: Range<Int>) in groups[range].map { String($0, radix: 16) }.joined(separator: ":") }
        guard let gap else { return hex(0..<8) }
        return hex(0..<gap.lowerBound) + "::" + hex(gap.upperBound..<8)
    }

    /// The first of the longest runs of at least two zero groups.
    private static func longestZeroRun(in groups: [UInt64]) -> Range<Int>? {
        var longest = 0..<0
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start > longest.count { longest = start..<end }
            start = max(end, start + 1)
        }
        return longest.count >= 2 ? longest : nil
    }
}
