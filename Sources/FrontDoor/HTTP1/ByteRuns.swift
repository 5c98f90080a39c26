import Attribution

// How far runs of bytes of one class go: what reading a head consists of.

extension UnsafeRawBufferPointer {
    /// The first position from `start` on with a byte below `bound` (at most 0x80) or 0x7F, tabs passed over; `count` when there
    /// is none.
    ///
    /// With `bound` 0x20 that is the first byte that is none of a field's value, with 0x21 the first that is none of a target
    /// (``Swift/UInt8/isFieldValue``, ``Swift/UInt8/isTarget``).
    @inline(__always)
    func firstControl(from start: Int, below bound: UInt8) -> Int {
        var index = start
        while index < count {
            if count - index >= EightBytes.count {
                let word = EightBytes(loadUnaligned(fromByteOffset: index, as: UInt64.self))
                guard let offset = word.firstControl(below: bound) else {
                    index += EightBytes.count
                    continue
                }
                index += offset
            } else if self[index] >= bound, self[index] != 0x7F {
                index += 1
                continue
            }
            guard self[index] == .tab else { return index }
            index += 1
        }
        return count
    }

    /// The first position from `start` on with a byte that is none of a token's; `count` when there is none.
    @inline(__always)
    func firstNoToken(from start: Int) -> Int {
        guard let bytes = baseAddress else { return start }
        var index = start
        while index < count, bytes.load(fromByteOffset: index, as: UInt8.self).isToken { index += 1 }
        return index
    }
}

/// Eight bytes that are looked at together.
///
/// The arithmetic works on all of them at once. A borrow may disturb the bytes behind the first that is found, and only that one
/// is told.
private struct EightBytes {
    static let count = 8

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    /// The first byte in the lowest bits.
    private let word: UInt64

    /// - Parameter memory: the bytes as they lie in memory.
    @inline(__always)
    init(_ memory: UInt64) {
        word = UInt64(littleEndian: memory)
    }

    /// Which is the first byte below `bound` or 0x7F.
    @inline(__always)
    func firstControl(below bound: UInt8) -> Int? {
        let isBelow = (word &- Self.ones &* UInt64(bound)) & ~word
        let delete = word ^ (Self.ones &* 0x7F)
        let isDelete = (delete &- Self.ones) & ~delete
        let found = (isBelow | isDelete) & Self.highBits
        return found == 0 ? nil : found.trailingZeroBitCount / 8
    }
}
