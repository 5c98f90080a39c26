/// A set of bytes that is asked in a few instructions: one bit for each byte.
package struct ByteSet: Sendable {
    @usableFromInline let words: InlineArray<4, UInt64>

    package init(_ members: some Sequence<UInt8>) {
        var words = InlineArray<4, UInt64>(repeating: 0)
        for byte in members { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }
        self.words = words
    }

    /// The bytes of an ASCII text.
    init(_ text: StaticString) {
        self.init(text.bytes)
    }

    @inlinable package func contains(_ byte: UInt8) -> Bool {
        words[Int(byte >> 6)] &>> UInt64(byte & 63) & 1 == 1
    }

    /// RFC 3986, section 2.3.
    static let uriUnreserved = ByteSet((0...UInt8.max).filter(\.isURIUnreserved))
}
