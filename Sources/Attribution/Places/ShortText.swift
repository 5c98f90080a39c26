/// Up to 15 bytes as one number, so that texts from a closed set are looked up without hashing them byte by byte.
struct ShortText: Hashable {
    private let value: UInt128

    /// nil when the bytes are too many.
    ///
    /// - Parameter change: what is done to each byte.
    @inline(__always)
    init?(_ bytes: Span<UInt8>, _ change: (UInt8) -> UInt8) {
        guard bytes.count < 16 else { return nil }
        // The one in front tells texts apart that begin with NULs.
        var value: UInt128 = 1
        for index in bytes.indices { value = value &<< 8 | UInt128(truncatingIfNeeded: change(bytes[index])) }
        self.value = value
    }
}
