internal import Crypto

/// HMAC-SHA256 (RFC 2104) under one key for many short texts: what depends on the key alone is hashed once.
///
/// Over the library's SHA-256, and not a copy of the library's HMAC for each text, which is generic over its data and takes 6,000
/// instructions more: a twelfth of what a record costs the writer.
struct KeyedHash {
    private var inner = SHA256()
    private var outer = SHA256()

    /// - Parameter key: at most a block of SHA-256, 64 bytes.
    init(key: [UInt8]) {
        precondition(key.count <= SHA256.blockByteCount)
        let block = key + [UInt8](repeating: 0, count: SHA256.blockByteCount - key.count)
        block.map { $0 ^ 0x36 }.withUnsafeBytes { inner.update(bufferPointer: $0) }
        block.map { $0 ^ 0x5C }.withUnsafeBytes { outer.update(bufferPointer: $0) }
    }

    /// Goes on with a text's next bytes. A copy of a new value is one text.
    mutating func update(_ bytes: UnsafeRawBufferPointer) { inner.update(bufferPointer: bytes) }

    consuming func finalize() -> SHA256.Digest {
        inner.finalize().withUnsafeBytes { outer.update(bufferPointer: $0) }
        return outer.finalize()
    }
}
