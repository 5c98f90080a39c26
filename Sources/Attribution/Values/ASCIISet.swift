/// A set of ASCII bytes that is asked in a few instructions: one bit for each byte.
struct ASCIISet: Sendable {
    /// The bytes below 64.
    private let low: UInt64
    /// Those from 64 to 127.
    private let high: UInt64

    init(_ members: some Sequence<UInt8>) {
        var low: UInt64 = 0
        var high: UInt64 = 0
        for byte in members {
            precondition(byte < 128)
            if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
        }
        self.low = low
        self.high = high
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let word = byte < 64 ? low : byte < 128 ? high : 0
        return word &>> UInt64(byte & 63) & 1 == 1
    }

    /// RFC 3986, section 2.3.
    static let uriUnreserved = ASCIISet((0..<128).filter(\.isURIUnreserved))
}
