/// One column of a day's counters as it is stored: the bytes that a number takes (1, 2 or 4), then the numbers, little-endian.
enum ArchivedColumn {
    static func stored(_ numbers: [UInt32]) -> [UInt8] {
        let most = numbers.max() ?? 0
        let width = most <= UInt32(UInt8.max) ? 1 : most <= UInt32(UInt16.max) ? 2 : 4
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1 + width * numbers.count)
        bytes.append(UInt8(width))
        for number in numbers {
            for place in 0..<width { bytes.append(UInt8(truncatingIfNeeded: number >> UInt32(8 * place))) }
        }
        return bytes
    }

    /// nil: the bytes are none of ``stored(_:)``'s.
    static func numbers(_ bytes: UnsafeRawBufferPointer) -> [UInt32]? {
        guard let width = bytes.first else { return nil }
        return switch width {
        case 1: bytes.dropFirst().map { UInt32($0) }
        case 2: numbers(bytes, as: UInt16.self)
        case 4: numbers(bytes, as: UInt32.self)
        default: nil
        }
    }

    private static func numbers<Number: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, as _: Number.Type) -> [UInt32]? {
        let width = MemoryLayout<Number>.size
        let count = (bytes.count - 1) / width
        guard bytes.count == 1 + count * width else { return nil }
        return [UInt32](unsafeUninitializedCapacity: count) { numbers, initialized in
            for index in 0..<count {
                // Within the bytes, as their number is a multiple of the width.
                let number = bytes.loadUnaligned(fromByteOffset: 1 + index * width, as: Number.self)
                numbers[index] = UInt32(truncatingIfNeeded: Number(littleEndian: number))
            }
            initialized = count
        }
    }
}
